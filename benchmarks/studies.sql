-- 200,000 studies as a hospital has them after some years: %(studies)s rows over two years, one or two images each, most
-- of them read and reviewed. The newest wait; the oldest have the same findings as the newest.
SET search_path = hilum, public;
SELECT setseed(0.5);

CREATE TEMP TABLE made AS
SELECT n,
       clock_timestamp() - make_interval(secs => (%(studies)s - n) * 315.0) AS at,
       f.shown || ' ' || m.shown || ' ' || g.shown AS name,
       f.plain || ' ' || m.plain || ' ' || g.plain AS plain,
       'BN' || lpad((n * 7919 %% 1000000)::text, 7, '0') AS patient_id,
       random() AS chance, random() AS second, random() AS third, random() AS fourth
FROM generate_series(1, %(studies)s) AS n
CROSS JOIN LATERAL (SELECT * FROM (VALUES (0, 'Nguyễn', 'nguyen'), (1, 'Trần', 'tran'), (2, 'Lê', 'le'), (3, 'Phạm', 'pham'),
    (4, 'Hoàng', 'hoang'), (5, 'Nguyễn', 'nguyen'), (6, 'Vũ', 'vu'), (7, 'Đặng', 'dang'), (8, 'Nguyễn', 'nguyen'),
    (9, 'Bùi', 'bui'), (10, 'Đỗ', 'do'), (11, 'Hồ', 'ho'), (12, 'Ngô', 'ngo')) v(i, shown, plain) WHERE i = n %% 13) f
CROSS JOIN LATERAL (SELECT * FROM (VALUES (0, 'Thị', 'thi'), (1, 'Văn', 'van'), (2, 'Đức', 'duc'), (3, 'Minh', 'minh'),
    (4, 'Thị Ngọc', 'thi ngoc'), (5, 'Hữu', 'huu'), (6, 'Quốc', 'quoc'), (7, 'Thanh', 'thanh'), (8, 'Xuân', 'xuan'),
    (9, 'Khánh', 'khanh'), (10, 'Bảo', 'bao')) v(i, shown, plain) WHERE i = n / 13 %% 11) m
CROSS JOIN LATERAL (SELECT * FROM (VALUES (0, 'Anh', 'anh'), (1, 'Bình', 'binh'), (2, 'Châu', 'chau'), (3, 'Dũng', 'dung'),
    (4, 'Giang', 'giang'), (5, 'Hạnh', 'hanh'), (6, 'Hương', 'huong'), (7, 'Khoa', 'khoa'), (8, 'Lan', 'lan'),
    (9, 'Mai', 'mai'), (10, 'Nam', 'nam'), (11, 'Oanh', 'oanh'), (12, 'Phúc', 'phuc'), (13, 'Quân', 'quan'),
    (14, 'Sơn', 'son'), (15, 'Thảo', 'thao'), (16, 'Trang', 'trang'), (17, 'Tuấn', 'tuan'), (18, 'Uyên', 'uyen'),
    (19, 'Việt', 'viet'), (20, 'Yến', 'yen'), (21, 'Đạt', 'dat'), (22, 'Tường Vi', 'tuong vi'))
    v(i, shown, plain) WHERE i = n / 143 %% 23) g;

-- One name that only three patients have.
UPDATE made SET name = 'Đoàn Nguyễn Khuê', plain = 'doan nguyen khue' WHERE n IN (10, %(studies)s / 2, %(studies)s - 10);

CREATE FUNCTION pg_temp.element(vr text, value anyelement) RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_build_object('vr', vr, 'Value', jsonb_build_array(value));
$$;

INSERT INTO study (study_instance_uid, patient_key, patient_name, patient_id, birth_date, sex, study_date,
                   study_description, accession_number, search_text, received_at, last_received_at, state, urgency,
                   modalities, findings, refused, reviewed, open, name_to_match, attributes)
SELECT '2.25.3' || lpad(n::text, 12, '0'), md5(n::text), name, patient_id,
       to_char(date '1935-01-01' + (chance * 28000)::int, 'YYYYMMDD'), CASE WHEN second < 0.5 THEN 'F' ELSE 'M' END,
       to_char(at, 'YYYYMMDD'), 'Chest PA', 'A' || lpad(n::text, 8, '0'),
       plain || ' ' || lower(patient_id) || ' a' || lpad(n::text, 8, '0'), at, at, s.state,
       CASE WHEN fourth < 0.03 THEN 4 WHEN 'Pneumothorax' = ANY(s.findings) THEN 3 WHEN s.state <> 'read' THEN 2
            WHEN s.findings <> '{}' THEN 1 ELSE 0 END,
       ARRAY[CASE WHEN third < 0.0003 THEN 'RG' WHEN third < 0.35 THEN 'CR' ELSE 'DX' END],
       s.findings, s.state = 'refused',
       -- Of the last three days most are not reviewed; before, one in five hundred was forgotten.
       s.state = 'read' AND CASE WHEN n > %(studies)s - 800 THEN second < 0.2 ELSE second < 0.998 END,
       n > %(studies)s - 3, '=' || replace(plain, ' ', '^') || '=', jsonb_build_object(
           '00080020', pg_temp.element('DA', to_char(at, 'YYYYMMDD')), '00080030', pg_temp.element('TM', to_char(at, 'HH24MISS')),
           '00080050', pg_temp.element('SH', 'A' || lpad(n::text, 8, '0')), '00081030', pg_temp.element('LO', 'Chest PA'::text),
           '00100010', pg_temp.element('PN', jsonb_build_object('Alphabetic', replace(name, ' ', '^'))),
           '00100020', pg_temp.element('LO', patient_id), '00100040', pg_temp.element('CS', 'F'::text),
           '0020000D', pg_temp.element('UI', '2.25.3' || lpad(n::text, 12, '0')), '00200010', pg_temp.element('SH', n::text))
FROM made CROSS JOIN LATERAL (
    SELECT CASE WHEN n > %(studies)s - 60 THEN 'pending' WHEN chance < 0.03 THEN 'refused' WHEN chance < 0.032 THEN 'failed'
                ELSE 'read' END AS state
) t CROSS JOIN LATERAL (
    SELECT t.state, CASE WHEN t.state <> 'read' THEN '{}'::text[] ELSE array_remove(ARRAY[
        CASE WHEN random() < 0.12 + 0 * n THEN 'Effusion' END, CASE WHEN random() < 0.10 + 0 * n THEN 'Cardiomegaly' END,
        CASE WHEN random() < 0.08 + 0 * n THEN 'Consolidation' END, CASE WHEN random() < 0.01 + 0 * n THEN 'Pneumothorax' END,
        CASE WHEN random() < 0.0002 + 0 * n THEN 'Hernia' END], NULL) END AS findings
) s;

INSERT INTO series (study_id, series_instance_uid, modality, attributes)
SELECT study_id, '2.25.2' || study_id, modalities[1], jsonb_build_object(
           '00080060', pg_temp.element('CS', modalities[1]), '0020000E', pg_temp.element('UI', '2.25.2' || study_id),
           '00180015', pg_temp.element('CS', 'CHEST'::text), '00200011', pg_temp.element('IS', 1)) FROM study;

INSERT INTO content (content_hash, size)
SELECT md5(series_id || '.' || k) || md5(k || '.' || series_id), 15000000
FROM series CROSS JOIN generate_series(1, 2) k WHERE k = 1 OR series_id %% 2 = 0;

INSERT INTO instance (series_id, sop_instance_uid, content_hash, received_at, door, priority, state, sop_class_uid,
                      transfer_syntax, described, attributes)
SELECT series_id, '2.25.1' || series_id || '0' || k, md5(series_id || '.' || k) || md5(k || '.' || series_id), received_at, 'http',
       CASE WHEN urgency = 4 THEN 20 ELSE 10 END, state, '1.2.840.10008.5.1.4.1.1.1.1', '1.2.840.10008.1.2.1', true,
       jsonb_build_object('00080016', pg_temp.element('UI', '1.2.840.10008.5.1.4.1.1.1.1'::text),
                          '00080018', pg_temp.element('UI', '2.25.1' || series_id || '0' || k), '00200013', pg_temp.element('IS', k),
                          '00280010', pg_temp.element('US', 3000), '00280011', pg_temp.element('US', 2500))
FROM series JOIN study USING (study_id) CROSS JOIN generate_series(1, 2) k WHERE k = 1 OR series_id %% 2 = 0;

INSERT INTO outcome (instance_id, reader, content_hash, state, refusal_code, document, findings, view, strongest)
SELECT instance_id, %(reader)s, content_hash, i.state, CASE WHEN i.state = 'refused' THEN 'not-frontal' END,
       CASE WHEN i.state = 'read' THEN %(document)s::jsonb ELSE %(refusal)s::jsonb END, st.findings,
       'PA', CASE WHEN i.state = 'read' THEN %(strongest)s::jsonb END
FROM instance i JOIN series USING (series_id) JOIN study st USING (study_id) WHERE i.state <> 'pending';

INSERT INTO review (outcome_id, number, reviewer, document, signed_off)
SELECT outcome_id, 1, 'reader-' || outcome_id %% 9, '{}', true
FROM outcome JOIN instance USING (instance_id) JOIN series USING (series_id) JOIN study USING (study_id) WHERE reviewed;
