"""The house with one promise broken at a time: `make mutants` shows that for each there is a test that notices."""
