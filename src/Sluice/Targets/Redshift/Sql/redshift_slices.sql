-- How many slices share the work of a COPY. Provisioned clusters only: serverless ones refuse it or say 0.
-- Columns: slices
SELECT count(*) FROM stv_slices
