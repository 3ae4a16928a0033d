-- MySQL 5.7 and later, MariaDB 10.2 and later. The columns of all tables and views, invisible ones too.
-- table, name, default (MariaDB: an expression; MySQL: a value, or an expression that EXTRA tells of), nullable, base type, whole type, charset,
-- collation, extra, expression of a generated column, comment
SELECT TABLE_NAME, COLUMN_NAME, COLUMN_DEFAULT, IS_NULLABLE, DATA_TYPE, COLUMN_TYPE, CHARACTER_SET_NAME, COLLATION_NAME, EXTRA, GENERATION_EXPRESSION, COLUMN_COMMENT
  FROM information_schema.COLUMNS
 WHERE TABLE_SCHEMA = DATABASE()
 ORDER BY TABLE_NAME, ORDINAL_POSITION
