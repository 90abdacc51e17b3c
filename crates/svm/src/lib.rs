//! The weighted support vector classifier: bounds, signed Gram matrix, model, model file and tuning
