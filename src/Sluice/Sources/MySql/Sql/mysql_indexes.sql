-- MySQL 5.7 and later, MariaDB 10.2 and later. The parts of all indexes. Which columns there are depends on the version: EXPRESSION of
-- functional indexes since MySQL 8.0.13. Used: table, index, not unique, column, direction, prefix, kind, expression.
SELECT s.*
  FROM information_schema.STATISTICS AS s
 WHERE s.TABLE_SCHEMA = DATABASE()
 ORDER BY s.TABLE_NAME, s.INDEX_NAME, s.SEQ_IN_INDEX
