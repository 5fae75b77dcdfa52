-- A review is sent like a result: a completion of its own names it. What was reviewed before is not sent.

ALTER TABLE review ADD COLUMN open boolean NOT NULL DEFAULT true;
UPDATE review SET open = false;
CREATE INDEX review_open ON review (review_id) WHERE open;

ALTER TABLE completion ADD COLUMN review_id bigint UNIQUE REFERENCES review ON DELETE CASCADE;
