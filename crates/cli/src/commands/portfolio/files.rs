//! The list of loans to buy.

use std::io::Write;

use fuzzysvm::experiments::on_offer::{Bought, LoanModel, Offer, Purchase, ScoredOffer};

use crate::failure::Failure;

/// What the list is made of.
pub struct List<'a> {
    pub model: &'a LoanModel,
    pub offer: &'a Offer,
    pub scored: &'a ScoredOffer,
    pub bought: &'a Bought,
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
    /// it is not scored.
    pub fn write(&self, out: &mut dyn Write, all: bool) -> Result<(), Failure> {
        let mut csv = csv::Writer::from_writer(out);
        let note = all.then_some("note");
        csv.write_record(COLUMNS.into_iter().chain(note))?;
        if !all {
            for purchase in &self.bought.purchases {
                csv.write_record(self.record(purchase.place, Some(purchase)))?;
            }
            csv.flush()?;
            return Ok(());
        }
        let mut purchase_of: Vec<Option<&Purchase>> = vec![None; self.scored.rows.len()];
        for purchase in &self.bought.purchases {
            purchase_of[purchase.place] = Some(purchase);
        }
        let mut scored = self.scored.rows.iter().enumerate().peekable();
        let mut refused = self.scored.not_scored.iter();
        for row in 0..self.offer.book.len() {
            let mut record = match scored.next_if(|(_, of)| **of == row) {
                Some((place, _)) => self.record(place, purchase_of[place]),
                None => {
                    let mut record = vec![String::new(); COLUMNS.len()];
                    record[0] = row.to_string();
                    record[1] = self.offer.book.loan(row).name().to_owned();
                    record
                }
            };
            // Rows are refused in the order of the file.
            let is_refused = self.scored.rows.binary_search(&row).is_err();
            let why = is_refused.then(|| refused.next()).flatten();
            record.push(why.map_or(String::new(), |(_, why)| self.scored.reasons[*why].clone()));
            csv.write_record(&record)?;
        }
        csv.flush()?;
        Ok(())
    }

    fn record(&self, place: usize, purchase: Option<&Purchase>) -> Vec<String> {
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
