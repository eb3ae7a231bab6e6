-- One word for the queue: tables, columns and indexes that said "line" say "queue".
-- Safe beside the previous release: no, it knows the old names. Stop it before this runs.

alter table line_epoch rename to queue_epoch;
alter index line_epoch_pkey rename to queue_epoch_pkey;
alter table queue_epoch rename constraint line_epoch_concert_id_fkey to queue_epoch_concert_id_fkey;

alter table line_journal rename to queue_journal;
alter table queue_journal rename column line_epoch to queue_epoch;
alter index line_journal_pkey rename to queue_journal_pkey;
alter index line_journal_of_user rename to queue_journal_of_user;

alter table line_tide rename to queue_sample;
alter table queue_sample rename column line_epoch to queue_epoch;
alter index line_tide_pkey rename to queue_sample_pkey;
alter index line_tide_of_number rename to queue_sample_of_number;
alter index line_tide_by_age rename to queue_sample_by_age;
alter table queue_sample rename constraint line_tide_concert_id_fkey to queue_sample_concert_id_fkey;

alter table line_draw rename to queue_draw;
alter index line_draw_pkey rename to queue_draw_pkey;
alter table queue_draw rename constraint line_draw_concert_id_fkey to queue_draw_concert_id_fkey;

alter table line_draw_page rename to queue_draw_page;
alter index line_draw_page_pkey rename to queue_draw_page_pkey;
alter table queue_draw_page rename constraint line_draw_page_concert_id_fkey to queue_draw_page_concert_id_fkey;
