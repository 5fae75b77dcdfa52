-- From version 12: what is asked of the audit trail at each start, and by the doctor, is found without reading all of it.

CREATE INDEX audit_seldom ON audit (action, entry_id) WHERE action IN ('configured', 'backed-up');
