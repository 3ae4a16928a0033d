-- MySQL 5.7 and later, MariaDB 10.2 and later. Tables, views and sequences of the database.
-- name, type, engine, estimate of rows, bytes, comment, create options
SELECT TABLE_NAME, TABLE_TYPE, ENGINE, TABLE_ROWS, DATA_LENGTH, TABLE_COMMENT, CREATE_OPTIONS
  FROM information_schema.TABLES
 WHERE TABLE_SCHEMA = DATABASE()
 ORDER BY TABLE_NAME
