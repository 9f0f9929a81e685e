-- Version 14: what older forms asked, in English too.

ALTER TABLE form_field ADD COLUMN label_en TEXT NOT NULL DEFAULT '';
