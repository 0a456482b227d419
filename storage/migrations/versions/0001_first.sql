CREATE TABLE vault_keys (
    version INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    CONSTRAINT pk_vault_keys PRIMARY KEY (version)
);

CREATE TABLE record_patient (
    patient_id VARCHAR NOT NULL,
    mrn VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    born TEXT NOT NULL,
    CONSTRAINT pk_record_patient PRIMARY KEY (patient_id),
    CONSTRAINT uq_record_patient_mrn UNIQUE (mrn)
);

CREATE TABLE settings (
    "key" VARCHAR NOT NULL,
    value VARCHAR NOT NULL,
    CONSTRAINT pk_settings PRIMARY KEY ("key")
);

CREATE TABLE inbox (
    id INTEGER NOT NULL,
    event_id VARCHAR NOT NULL,
    kind TEXT NOT NULL,
    sender VARCHAR NOT NULL,
    arrival TEXT,
    state VARCHAR NOT NULL,
    trouble VARCHAR NOT NULL,
    received_at BIGINT NOT NULL,
    CONSTRAINT pk_inbox PRIMARY KEY (id),
    CONSTRAINT uq_inbox_event_id UNIQUE (event_id)
);

CREATE INDEX ix_inbox_open ON inbox (state, sender, id);

CREATE TABLE intents (
    seq INTEGER NOT NULL,
    id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    lane VARCHAR NOT NULL,
    crowd VARCHAR NOT NULL,
    queue INTEGER NOT NULL,
    payload TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    planned_at BIGINT,
    attempts INTEGER NOT NULL,
    progress TEXT NOT NULL,
    trouble VARCHAR NOT NULL,
    CONSTRAINT pk_intents PRIMARY KEY (seq),
    CONSTRAINT uq_intents_id UNIQUE (id)
);

CREATE INDEX ix_intents_lane ON intents (progress, lane, seq);

CREATE INDEX ix_intents_due ON intents (progress, due_at);

CREATE INDEX ix_intents_queue ON intents (progress, queue, due_at, seq);

CREATE TABLE people (
    id VARCHAR NOT NULL,
    account VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    roles TEXT NOT NULL,
    identity VARCHAR NOT NULL,
    standing TEXT NOT NULL,
    last_heard_at BIGINT,
    notice_due BOOLEAN NOT NULL,
    revoked TEXT NOT NULL,
    succeeded_by VARCHAR NOT NULL,
    device_check_due BIGINT,
    verified_at BIGINT,
    version INTEGER NOT NULL,
    CONSTRAINT pk_people PRIMARY KEY (id),
    CONSTRAINT uq_people_account UNIQUE (account)
);

CREATE INDEX ix_people_standing ON people (standing);

CREATE INDEX ix_people_roles ON people (roles);

CREATE TABLE patients (
    id VARCHAR NOT NULL,
    mrn VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    born TEXT NOT NULL,
    mature_minor BOOLEAN NOT NULL,
    impaired BOOLEAN NOT NULL,
    left_on TEXT,
    version INTEGER NOT NULL,
    CONSTRAINT pk_patients PRIMARY KEY (id),
    CONSTRAINT uq_patients_mrn UNIQUE (mrn)
);

CREATE TABLE authorities (
    id VARCHAR NOT NULL,
    person_id VARCHAR NOT NULL,
    patient_id VARCHAR NOT NULL,
    relation TEXT NOT NULL,
    until TEXT,
    version INTEGER NOT NULL,
    CONSTRAINT pk_authorities PRIMARY KEY (id)
);

CREATE INDEX ix_authorities_person_id ON authorities (person_id);

CREATE INDEX ix_authorities_patient_id ON authorities (patient_id);

CREATE TABLE invitations (
    id VARCHAR NOT NULL,
    selector VARCHAR NOT NULL,
    salt VARCHAR NOT NULL,
    secret_hash VARCHAR NOT NULL,
    role TEXT NOT NULL,
    name VARCHAR NOT NULL,
    expires_at BIGINT NOT NULL,
    invited_by VARCHAR NOT NULL,
    patient_id VARCHAR NOT NULL,
    relation TEXT,
    until TEXT,
    account VARCHAR NOT NULL,
    state TEXT NOT NULL,
    wrong_tries INTEGER NOT NULL,
    matched_by VARCHAR NOT NULL,
    matched_identity VARCHAR NOT NULL,
    matched_room VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_invitations PRIMARY KEY (id),
    CONSTRAINT uq_invitations_selector UNIQUE (selector)
);

CREATE INDEX ix_invitations_matched_by ON invitations (matched_by);

CREATE TABLE registration_tokens (
    token VARCHAR NOT NULL,
    expires_at BIGINT NOT NULL,
    invitation_id VARCHAR NOT NULL,
    CONSTRAINT pk_registration_tokens PRIMARY KEY (token)
);

CREATE INDEX ix_registration_tokens_invitation_id ON registration_tokens (invitation_id);

CREATE TABLE rooms (
    id VARCHAR NOT NULL,
    kind TEXT NOT NULL,
    address VARCHAR NOT NULL,
    person_id VARCHAR NOT NULL,
    deserted BOOLEAN NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_rooms PRIMARY KEY (id),
    CONSTRAINT uq_rooms_address UNIQUE (address)
);

CREATE TABLE images (
    id VARCHAR NOT NULL,
    ref VARCHAR NOT NULL,
    sender_id VARCHAR NOT NULL,
    room_id VARCHAR NOT NULL,
    event_id VARCHAR NOT NULL,
    received_at BIGINT NOT NULL,
    state TEXT NOT NULL,
    patient_id VARCHAR NOT NULL,
    purpose TEXT,
    reason VARCHAR NOT NULL,
    reason_by VARCHAR NOT NULL,
    media_type VARCHAR NOT NULL,
    size INTEGER NOT NULL,
    sha256 VARCHAR NOT NULL,
    sealed TEXT,
    attachment TEXT NOT NULL,
    proof TEXT NOT NULL,
    held_for TEXT,
    deleted_by_sender BOOLEAN NOT NULL,
    discarded_because VARCHAR NOT NULL,
    acknowledged BOOLEAN NOT NULL,
    taken_by VARCHAR NOT NULL,
    source TEXT NOT NULL,
    kind TEXT NOT NULL,
    covers_advice BOOLEAN NOT NULL,
    statement TEXT,
    attested_at BIGINT,
    form_of VARCHAR NOT NULL,
    stopped BOOLEAN NOT NULL,
    seen_at BIGINT,
    filed_at BIGINT,
    verified_at BIGINT,
    moving_to VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_images PRIMARY KEY (id),
    CONSTRAINT uq_images_ref UNIQUE (ref),
    CONSTRAINT uq_images_event_id UNIQUE (event_id)
);

CREATE INDEX ix_images_patient_id ON images (patient_id);

CREATE INDEX ix_images_form_of ON images (form_of);

CREATE INDEX ix_images_state ON images (state);

CREATE INDEX ix_images_sha256 ON images (sha256);

CREATE INDEX ix_images_sender ON images (sender_id, state);

CREATE TABLE copies (
    id VARCHAR NOT NULL,
    what TEXT NOT NULL,
    room_id VARCHAR NOT NULL,
    event_id VARCHAR NOT NULL,
    mxc VARCHAR NOT NULL,
    owner VARCHAR NOT NULL,
    image_id VARCHAR NOT NULL,
    document_id VARCHAR NOT NULL,
    post_key VARCHAR NOT NULL,
    state TEXT NOT NULL,
    purge_after BIGINT,
    hidden_until BIGINT,
    settled_at BIGINT,
    because VARCHAR NOT NULL,
    receipted BOOLEAN NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_copies PRIMARY KEY (id)
);

CREATE INDEX ix_copies_post_key ON copies (post_key);

CREATE INDEX ix_copies_state ON copies (state);

CREATE INDEX ix_copies_event_id ON copies (event_id);

CREATE INDEX ix_copies_mxc ON copies (mxc);

CREATE INDEX ix_copies_image_id ON copies (image_id);

CREATE INDEX ix_copies_document_id ON copies (document_id);

CREATE TABLE documents (
    id VARCHAR NOT NULL,
    kind TEXT NOT NULL,
    image_id VARCHAR NOT NULL,
    patient_id VARCHAR NOT NULL,
    author_id VARCHAR NOT NULL,
    at BIGINT NOT NULL,
    text VARCHAR NOT NULL,
    facts TEXT NOT NULL,
    sha256 VARCHAR NOT NULL,
    state TEXT NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_documents PRIMARY KEY (id)
);

CREATE INDEX ix_documents_state ON documents (state);

CREATE INDEX ix_documents_image_id ON documents (image_id);

CREATE TABLE bursts (
    id VARCHAR NOT NULL,
    sender_id VARCHAR NOT NULL,
    image_ids TEXT NOT NULL,
    to_answer TEXT NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_bursts PRIMARY KEY (id),
    CONSTRAINT uq_bursts_sender_id UNIQUE (sender_id)
);

CREATE TABLE screenings (
    id VARCHAR NOT NULL,
    findings TEXT,
    answered VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_screenings PRIMARY KEY (id)
);

CREATE TABLE consents (
    id VARCHAR NOT NULL,
    image_id VARCHAR NOT NULL,
    person_id VARCHAR NOT NULL,
    capacity TEXT NOT NULL,
    basis TEXT NOT NULL,
    purpose TEXT NOT NULL,
    reason VARCHAR NOT NULL,
    wording VARCHAR NOT NULL,
    wording_version VARCHAR NOT NULL,
    at BIGINT NOT NULL,
    proof TEXT NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_consents PRIMARY KEY (id)
);

CREATE INDEX ix_consents_image_id ON consents (image_id);

CREATE TABLE disclosures (
    id VARCHAR NOT NULL,
    image_id VARCHAR NOT NULL,
    to_person_id VARCHAR NOT NULL,
    how VARCHAR NOT NULL,
    purpose TEXT NOT NULL,
    rule VARCHAR NOT NULL,
    at BIGINT NOT NULL,
    detail VARCHAR NOT NULL,
    concealed BOOLEAN NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_disclosures PRIMARY KEY (id)
);

CREATE INDEX ix_disclosures_image_id ON disclosures (image_id);

CREATE TABLE uses (
    id VARCHAR NOT NULL,
    image_ids TEXT NOT NULL,
    asked_by VARCHAR NOT NULL,
    asked_at BIGINT NOT NULL,
    purpose TEXT NOT NULL,
    recipients TEXT NOT NULL,
    question VARCHAR NOT NULL,
    how VARCHAR NOT NULL,
    seen_by VARCHAR NOT NULL,
    recognisable VARCHAR NOT NULL,
    venue VARCHAR NOT NULL,
    until BIGINT,
    deidentified BOOLEAN NOT NULL,
    intimate BOOLEAN NOT NULL,
    relatedness TEXT NOT NULL,
    state TEXT NOT NULL,
    rule VARCHAR NOT NULL,
    expires_at BIGINT,
    wording VARCHAR NOT NULL,
    wording_version VARCHAR NOT NULL,
    summarised_at BIGINT,
    version INTEGER NOT NULL,
    CONSTRAINT pk_uses PRIMARY KEY (id)
);

CREATE INDEX ix_uses_state ON uses (state);

CREATE INDEX ix_uses_asked_by ON uses (asked_by);

CREATE TABLE consent_answers (
    id VARCHAR NOT NULL,
    use_id VARCHAR NOT NULL,
    person_id VARCHAR NOT NULL,
    capacity TEXT NOT NULL,
    answer TEXT NOT NULL,
    wording VARCHAR NOT NULL,
    wording_version VARCHAR NOT NULL,
    at BIGINT NOT NULL,
    proof TEXT NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_consent_answers PRIMARY KEY (id)
);

CREATE INDEX ix_consent_answers_use_id ON consent_answers (use_id);

CREATE TABLE lines (
    id VARCHAR NOT NULL,
    use_id VARCHAR NOT NULL,
    person_id VARCHAR NOT NULL,
    at BIGINT NOT NULL,
    text VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_lines PRIMARY KEY (id)
);

CREATE INDEX ix_lines_use_id ON lines (use_id);

CREATE TABLE choices (
    id VARCHAR NOT NULL,
    poll_id VARCHAR NOT NULL,
    number VARCHAR NOT NULL,
    person_id VARCHAR NOT NULL,
    about VARCHAR NOT NULL,
    subject VARCHAR NOT NULL,
    value VARCHAR NOT NULL,
    label VARCHAR NOT NULL,
    expires_at BIGINT NOT NULL,
    needs_number BOOLEAN NOT NULL,
    used_at BIGINT,
    version INTEGER NOT NULL,
    CONSTRAINT pk_choices PRIMARY KEY (id)
);

CREATE INDEX ix_choices_subject ON choices (subject);

CREATE INDEX ix_choices_person_id ON choices (person_id);

CREATE INDEX ix_choices_poll_id ON choices (poll_id);

CREATE TABLE verifications (
    id VARCHAR NOT NULL,
    person_id VARCHAR NOT NULL,
    account VARCHAR NOT NULL,
    room_id VARCHAR NOT NULL,
    "transaction" VARCHAR NOT NULL,
    asked_at BIGINT NOT NULL,
    stage TEXT NOT NULL,
    device_id VARCHAR NOT NULL,
    identity VARCHAR NOT NULL,
    emoji TEXT NOT NULL,
    compared_by VARCHAR NOT NULL,
    because VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_verifications PRIMARY KEY (id)
);

CREATE INDEX ix_verifications_person_id ON verifications (person_id);

CREATE INDEX ix_verifications_stage ON verifications (stage);

CREATE TABLE breaches (
    id VARCHAR NOT NULL,
    ref VARCHAR NOT NULL,
    image_id VARCHAR NOT NULL,
    use_id VARCHAR NOT NULL,
    what VARCHAR NOT NULL,
    steps TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    assess_by BIGINT NOT NULL,
    closed_at BIGINT,
    outcome VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_breaches PRIMARY KEY (id),
    CONSTRAINT uq_breaches_ref UNIQUE (ref)
);

CREATE INDEX ix_breaches_image_id ON breaches (image_id);

CREATE INDEX ix_breaches_use_id ON breaches (use_id);

CREATE TABLE legal_holds (
    id VARCHAR NOT NULL,
    patient_id VARCHAR NOT NULL,
    image_id VARCHAR NOT NULL,
    why VARCHAR NOT NULL,
    placed_by VARCHAR NOT NULL,
    placed_at BIGINT NOT NULL,
    released_by VARCHAR NOT NULL,
    released_at BIGINT,
    version INTEGER NOT NULL,
    CONSTRAINT pk_legal_holds PRIMARY KEY (id)
);

CREATE INDEX ix_legal_holds_patient_id ON legal_holds (patient_id);

CREATE TABLE destructions (
    id VARCHAR NOT NULL,
    ref VARCHAR NOT NULL,
    subject_id VARCHAR NOT NULL,
    what VARCHAR NOT NULL,
    mrn VARCHAR NOT NULL,
    received_on TEXT NOT NULL,
    decided_by VARCHAR NOT NULL,
    decided_at BIGINT NOT NULL,
    basis VARCHAR NOT NULL,
    done_at BIGINT,
    version INTEGER NOT NULL,
    CONSTRAINT pk_destructions PRIMARY KEY (id),
    CONSTRAINT uq_destructions_ref UNIQUE (ref),
    CONSTRAINT uq_destructions_subject_id UNIQUE (subject_id)
);

CREATE TABLE questions (
    id VARCHAR NOT NULL,
    person_id VARCHAR NOT NULL,
    about TEXT NOT NULL,
    image_ids TEXT NOT NULL,
    choices TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    deadline BIGINT NOT NULL,
    state TEXT NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_questions PRIMARY KEY (id)
);

CREATE INDEX ix_questions_person_id ON questions (person_id);

CREATE TABLE audit (
    seq INTEGER NOT NULL,
    at BIGINT NOT NULL,
    actor VARCHAR NOT NULL,
    action VARCHAR NOT NULL,
    subject VARCHAR NOT NULL,
    commitment BLOB NOT NULL,
    hash BLOB NOT NULL,
    CONSTRAINT pk_audit PRIMARY KEY (seq)
);

CREATE TABLE audit_details (
    seq INTEGER NOT NULL,
    salt BLOB NOT NULL,
    details TEXT NOT NULL,
    CONSTRAINT pk_audit_details PRIMARY KEY (seq)
);

CREATE TABLE record_entry (
    seq INTEGER NOT NULL,
    entry_id VARCHAR NOT NULL,
    patient_id VARCHAR NOT NULL,
    kind TEXT NOT NULL,
    about VARCHAR NOT NULL,
    at BIGINT NOT NULL,
    "by" VARCHAR NOT NULL,
    facts TEXT NOT NULL,
    media_type VARCHAR NOT NULL,
    text VARCHAR,
    object_id VARCHAR,
    wrapped_key VARCHAR,
    key_version INTEGER,
    size INTEGER NOT NULL,
    sha256 VARCHAR NOT NULL,
    mirrored BOOLEAN NOT NULL,
    CONSTRAINT pk_record_entry PRIMARY KEY (seq),
    CONSTRAINT ck_record_entry_one_content CHECK ((text IS NULL) <> (object_id IS NULL)),
    CONSTRAINT ck_record_entry_object_and_key CHECK ((object_id IS NULL) = (wrapped_key IS NULL)),
    CONSTRAINT uq_record_entry_entry_id UNIQUE (entry_id),
    CONSTRAINT fk_record_entry_patient_id FOREIGN KEY(patient_id) REFERENCES record_patient (patient_id),
    CONSTRAINT uq_record_entry_object_id UNIQUE (object_id)
);

CREATE INDEX ix_record_entry_mirrored ON record_entry (mirrored);

CREATE INDEX ix_record_entry_patient_id ON record_entry (patient_id, at);

CREATE TRIGGER record_entry_is_final
BEFORE UPDATE OF "seq", "entry_id", "kind", "about", "at", "by", "facts", "media_type", "text", "object_id", "size", "sha256" ON record_entry
BEGIN SELECT RAISE(ABORT, 'an entry of the record is never rewritten'); END;

CREATE TRIGGER record_entry_stays
BEFORE DELETE ON record_entry
WHEN NOT EXISTS (SELECT 1 FROM destructions WHERE ref = OLD.about OR subject_id = OLD.entry_id)
BEGIN SELECT RAISE(ABORT, 'an entry is never removed but as the destruction register says'); END;

CREATE TRIGGER images_key_is_there_on_insert
BEFORE INSERT ON images
WHEN json_extract(NEW.sealed, '$.key_version') IS NOT NULL AND json_extract(NEW.sealed, '$.key_version') NOT IN (SELECT version FROM vault_keys)
BEGIN SELECT RAISE(ABORT, 'wrapped with a key that is not there'); END;

CREATE TRIGGER images_key_is_there_on_update
BEFORE UPDATE ON images
WHEN json_extract(NEW.sealed, '$.key_version') IS NOT NULL AND json_extract(NEW.sealed, '$.key_version') NOT IN (SELECT version FROM vault_keys)
BEGIN SELECT RAISE(ABORT, 'wrapped with a key that is not there'); END;

CREATE TRIGGER vault_key_serves_no_images
BEFORE DELETE ON vault_keys
WHEN EXISTS (SELECT 1 FROM images WHERE json_extract(images.sealed, '$.key_version') = OLD.version)
BEGIN SELECT RAISE(ABORT, 'a key that something is wrapped with'); END;

CREATE TRIGGER record_entry_key_is_there_on_insert
BEFORE INSERT ON record_entry
WHEN NEW.key_version IS NOT NULL AND NEW.key_version NOT IN (SELECT version FROM vault_keys)
BEGIN SELECT RAISE(ABORT, 'wrapped with a key that is not there'); END;

CREATE TRIGGER record_entry_key_is_there_on_update
BEFORE UPDATE ON record_entry
WHEN NEW.key_version IS NOT NULL AND NEW.key_version NOT IN (SELECT version FROM vault_keys)
BEGIN SELECT RAISE(ABORT, 'wrapped with a key that is not there'); END;

CREATE TRIGGER vault_key_serves_no_record_entry
BEFORE DELETE ON vault_keys
WHEN EXISTS (SELECT 1 FROM record_entry WHERE record_entry.key_version = OLD.version)
BEGIN SELECT RAISE(ABORT, 'a key that something is wrapped with'); END;
