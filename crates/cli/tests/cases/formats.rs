//! ARFF, KEEL and LIBSVM files, and other formats.
