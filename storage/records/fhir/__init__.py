"""Further copies on a FHIR R4 server: photos and words as documents, consents and disclosures beside them."""
