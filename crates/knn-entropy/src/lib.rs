//! Exact k nearest neighbours of every sample and the class entropy of their neighbourhoods
