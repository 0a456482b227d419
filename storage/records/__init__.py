"""Where images and notes are filed: one module for each technology of record, all keeping the port `PatientRecord`."""
