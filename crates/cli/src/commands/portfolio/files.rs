//! The list of loans to buy.

use std::io::Write;

use fuzzysvm::experiments::on_offer::{
    Bought, Explanation, LoanModel, N_REASONS, Offer, Purchase, ScoredOffer,
};

use crate::failure::Failure;

/// What the list is made of.
pub struct List<'a> {
    pub model: &'a LoanModel,
    pub offer: &'a Offer,
    pub scored: &'a ScoredOffer,
    pub bought: &'a Bought,
    /// One for each purchase.
    pub explanations: &'a [Explanation],
}

/// The columns of every list.
const COLUMNS: [&str; 9] = [
    "row",
    "id",
    "amount",
    "probability",
    "expected_return",
    "return_low",
    "return_high",
    "return_if_paid",
    "decision",
];

impl List<'_> {
    /// Writes the purchases, best ranked first; with `all` a line for every loan in the order of the file, and a note where
    /// it is not scored. Reasons are those of purchases.
    pub fn write(&self, out: &mut dyn Write, all: bool) -> Result<(), Failure> {
        let mut csv = csv::Writer::from_writer(out);
        let reasons = (1..=N_REASONS).map(|number| format!("reason_{number}"));
        let header = COLUMNS.into_iter().map(str::to_owned).chain(reasons);
        let header = header.chain(["charged_off_neighbors".to_owned()]);
        csv.write_record(header.chain(all.then(|| "note".to_owned())))?;
        match all {
            false => {
                for number in 0..self.bought.purchases.len() {
                    csv.write_record(self.purchase(number))?;
                }
            }
            true => self.write_all(&mut csv)?,
        }
        csv.flush()?;
        Ok(())
    }

    fn write_all<W: Write>(&self, csv: &mut csv::Writer<W>) -> Result<(), Failure> {
        let (scored, offer) = (self.scored, self.offer);
        let mut number_of: Vec<Option<usize>> = vec![None; scored.rows.len()];
        for (number, purchase) in self.bought.purchases.iter().enumerate() {
            number_of[purchase.place] = Some(number);
        }
        let mut places = scored.rows.iter().enumerate().peekable();
        let mut refused = scored.not_scored.iter();
        for row in 0..offer.book.len() {
            let (mut record, note) = match places.next_if(|(_, of)| **of == row) {
                Some((place, _)) => {
                    let record = match number_of[place] {
                        Some(number) => self.purchase(number),
                        None => self.forecast(place, None),
                    };
                    (record, String::new())
                }
                // Rows are refused in the order of the file.
                None => {
                    let name = offer.book.loan(row).name().to_owned();
                    let why = refused.next().map(|(_, why)| scored.reasons[*why].clone());
                    (vec![row.to_string(), name], why.unwrap_or_default())
                }
            };
            record.resize(COLUMNS.len() + N_REASONS + 1, String::new());
            record.push(note);
            csv.write_record(&record)?;
        }
        Ok(())
    }

    /// The cells of a purchase, with its reasons.
    fn purchase(&self, number: usize) -> Vec<String> {
        let purchase = &self.bought.purchases[number];
        let mut record = self.forecast(purchase.place, Some(purchase));
        let Some(why) = self.explanations.get(number) else {
            return record;
        };
        record.extend(why.reasons.iter().cloned());
        record.resize(COLUMNS.len() + N_REASONS, String::new());
        let counts = why
            .neighbors
            .iter()
            .map(|n| format!("{}/{}", n.positive, n.k));
        record.push(counts.collect::<Vec<_>>().join(" "));
        record
    }

    /// The cells of a scored loan.
    fn forecast(&self, place: usize, purchase: Option<&Purchase>) -> Vec<String> {
        let (scored, row) = (self.scored, self.scored.rows[place]);
        let alike = match purchase {
            Some(purchase) => purchase.alike,
            None => self.model.loans_alike(scored.expected[place]),
        };
        vec![
            row.to_string(),
            self.offer.book.loan(row).name().to_owned(),
            purchase.map_or(0.0, |p| p.amount).to_string(),
            scored.probability[place].to_string(),
            scored.expected[place].to_string(),
            alike.map_or(String::new(), |a| a.low.to_string()),
            alike.map_or(String::new(), |a| a.high.to_string()),
            scored.if_paid[place].to_string(),
            scored.decision[place].to_string(),
        ]
    }
}
