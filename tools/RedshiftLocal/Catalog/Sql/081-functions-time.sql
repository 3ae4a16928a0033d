-- Dates and times as Redshift has them.
-- Gives: getdate, sysdate, dateadd, datediff, date_part, datepart, date_trunc(date), trunc(timestamp), add_months, months_between, last_day, next_day,
-- convert_timezone, date_cmp, timestamp_cmp, interval_cmp and their mixtures.

-- Start of the statement, whole seconds.
CREATE OR REPLACE FUNCTION rs_catalog.getdate() RETURNS timestamp LANGUAGE sql STABLE PARALLEL SAFE
RETURN date_trunc('second', statement_timestamp()::timestamp);

-- Start of the transaction, microseconds.
CREATE OR REPLACE FUNCTION rs_catalog.sysdate() RETURNS timestamp LANGUAGE sql STABLE PARALLEL SAFE
RETURN transaction_timestamp()::timestamp;

-- The names and short forms of date parts.
CREATE OR REPLACE FUNCTION rs_internal.date_part_name(part text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    name text := lower(part);
BEGIN
    name := CASE
        WHEN name IN ('millennium', 'millennia', 'mil', 'mils') THEN 'millennium'
        WHEN name IN ('century', 'centuries', 'c', 'cent', 'cents') THEN 'century'
        WHEN name IN ('decade', 'decades', 'dec', 'decs') THEN 'decade'
        WHEN name = 'epoch' THEN 'epoch'
        WHEN name IN ('year', 'years', 'y', 'yr', 'yrs') THEN 'year'
        WHEN name IN ('quarter', 'quarters', 'qtr', 'qtrs') THEN 'quarter'
        WHEN name IN ('month', 'months', 'mon', 'mons') THEN 'month'
        WHEN name IN ('week', 'weeks', 'w') THEN 'week'
        WHEN name IN ('dayofweek', 'dow', 'dw', 'weekday') THEN 'dow'
        WHEN name IN ('dayofyear', 'doy', 'dy', 'yearday') THEN 'doy'
        WHEN name IN ('day', 'days', 'd') THEN 'day'
        WHEN name IN ('hour', 'hours', 'h', 'hr', 'hrs') THEN 'hour'
        WHEN name IN ('minute', 'minutes', 'm', 'min', 'mins') THEN 'minute'
        WHEN name IN ('second', 'seconds', 's', 'sec', 'secs') THEN 'second'
        WHEN name IN ('millisecond', 'milliseconds', 'ms', 'msec', 'msecs', 'msecond', 'mseconds', 'millisec', 'millisecs', 'millisecon') THEN 'millisecond'
        WHEN name IN ('microsecond', 'microseconds', 'microsec', 'microsecs', 'microsecond', 'usecond', 'useconds', 'us', 'usec', 'usecs') THEN 'microsecond'
        WHEN name IN ('timezone', 'timezone_hour', 'timezone_minute') THEN name
    END;
    IF name IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = format('timestamp units "%s" not recognized', part);
    END IF;
    RETURN name;
END
$$;

CREATE OR REPLACE FUNCTION rs_internal.step_of(part text, count bigint) RETURNS interval LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN CASE rs_internal.date_part_name(part)
        WHEN 'millennium' THEN make_interval(years => (count * 1000)::integer)
        WHEN 'century' THEN make_interval(years => (count * 100)::integer)
        WHEN 'decade' THEN make_interval(years => (count * 10)::integer)
        WHEN 'year' THEN make_interval(years => count::integer)
        WHEN 'quarter' THEN make_interval(months => (count * 3)::integer)
        WHEN 'month' THEN make_interval(months => count::integer)
        WHEN 'week' THEN make_interval(days => (count * 7)::integer)
        WHEN 'day' THEN make_interval(days => count::integer)
        WHEN 'dow' THEN make_interval(days => count::integer)
        WHEN 'doy' THEN make_interval(days => count::integer)
        WHEN 'hour' THEN count * interval '1 hour'
        WHEN 'minute' THEN count * interval '1 minute'
        WHEN 'second' THEN count * interval '1 second'
        WHEN 'epoch' THEN count * interval '1 second'
        WHEN 'millisecond' THEN count * interval '1 millisecond'
        WHEN 'microsecond' THEN count * interval '1 microsecond'
    END;
END
$$;

CREATE OR REPLACE FUNCTION rs_catalog.dateadd(part text, count bigint, value timestamp) RETURNS timestamp LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN value + rs_internal.step_of(part, count);

CREATE OR REPLACE FUNCTION rs_catalog.dateadd(part text, count bigint, value date) RETURNS timestamp LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN value::timestamp + rs_internal.step_of(part, count);

CREATE OR REPLACE FUNCTION rs_catalog.dateadd(part text, count bigint, value timestamptz) RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
RETURN value + rs_internal.step_of(part, count);

CREATE OR REPLACE FUNCTION rs_catalog.dateadd(part text, count bigint, value time) RETURNS time LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN value + rs_internal.step_of(part, count);

-- The number of boundaries of the part between two moments.
CREATE OR REPLACE FUNCTION rs_catalog.datediff(part text, first timestamp, last timestamp) RETURNS bigint LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    name text := rs_internal.date_part_name(part);
    months bigint := (extract(year FROM last) - extract(year FROM first)) * 12 + extract(month FROM last) - extract(month FROM first);
BEGIN
    RETURN CASE name
        WHEN 'millennium' THEN floor((extract(year FROM last) - 1) / 1000) - floor((extract(year FROM first) - 1) / 1000)
        WHEN 'century' THEN floor((extract(year FROM last) - 1) / 100) - floor((extract(year FROM first) - 1) / 100)
        WHEN 'decade' THEN floor(extract(year FROM last) / 10) - floor(extract(year FROM first) / 10)
        WHEN 'year' THEN extract(year FROM last) - extract(year FROM first)
        WHEN 'quarter' THEN (extract(year FROM last) - extract(year FROM first)) * 4 + extract(quarter FROM last) - extract(quarter FROM first)
        WHEN 'month' THEN months
        WHEN 'week' THEN ((date_trunc('week', last + interval '1 day')::date - date_trunc('week', first + interval '1 day')::date) / 7)
        WHEN 'day' THEN last::date - first::date
        WHEN 'dow' THEN last::date - first::date
        WHEN 'doy' THEN last::date - first::date
        WHEN 'hour' THEN extract(epoch FROM date_trunc('hour', last) - date_trunc('hour', first)) / 3600
        WHEN 'minute' THEN extract(epoch FROM date_trunc('minute', last) - date_trunc('minute', first)) / 60
        WHEN 'second' THEN extract(epoch FROM date_trunc('second', last) - date_trunc('second', first))
        WHEN 'epoch' THEN extract(epoch FROM date_trunc('second', last) - date_trunc('second', first))
        WHEN 'millisecond' THEN extract(epoch FROM date_trunc('milliseconds', last) - date_trunc('milliseconds', first)) * 1000
        WHEN 'microsecond' THEN extract(epoch FROM last - first) * 1000000
    END::bigint;
END
$$;

CREATE OR REPLACE FUNCTION rs_catalog.datediff(part text, first timestamptz, last timestamptz) RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
RETURN rs_catalog.datediff(part, first::timestamp, last::timestamp);

CREATE OR REPLACE FUNCTION rs_catalog.datediff(part text, first time, last time) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN rs_catalog.datediff(part, '2000-01-01'::timestamp + first, '2000-01-01'::timestamp + last);

CREATE OR REPLACE FUNCTION rs_catalog.date_part(part text, value timestamp) RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN pg_catalog.date_part(rs_internal.date_part_name(part), value);

CREATE OR REPLACE FUNCTION rs_catalog.date_part(part text, value date) RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN pg_catalog.date_part(rs_internal.date_part_name(part), value::timestamp);

CREATE OR REPLACE FUNCTION rs_catalog.date_part(part text, value timestamptz) RETURNS double precision LANGUAGE sql STABLE PARALLEL SAFE
RETURN pg_catalog.date_part(rs_internal.date_part_name(part), value);

CREATE OR REPLACE FUNCTION rs_catalog.date_part(part text, value time) RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN pg_catalog.date_part(rs_internal.date_part_name(part), value);

CREATE OR REPLACE FUNCTION rs_catalog.date_part(part text, value interval) RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN pg_catalog.date_part(rs_internal.date_part_name(part), value);

CREATE OR REPLACE FUNCTION rs_catalog.datepart(part text, value timestamp) RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN rs_catalog.date_part(part, value);

CREATE OR REPLACE FUNCTION rs_catalog.datepart(part text, value date) RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN rs_catalog.date_part(part, value);

CREATE OR REPLACE FUNCTION rs_catalog.datepart(part text, value timestamptz) RETURNS double precision LANGUAGE sql STABLE PARALLEL SAFE
RETURN rs_catalog.date_part(part, value);

-- PostgreSQL would make a timestamptz of a date.
CREATE OR REPLACE FUNCTION rs_catalog.date_trunc(part text, value date) RETURNS timestamp LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN pg_catalog.date_trunc(part, value::timestamp);

CREATE OR REPLACE FUNCTION rs_catalog.trunc(value timestamp) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN value::date;

CREATE OR REPLACE FUNCTION rs_catalog.trunc(value date) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN value;

CREATE OR REPLACE FUNCTION rs_catalog.last_day(value timestamp) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (pg_catalog.date_trunc('month', value) + interval '1 month' - interval '1 day')::date;

CREATE OR REPLACE FUNCTION rs_catalog.last_day(value date) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN rs_catalog.last_day(value::timestamp);

-- From the last day of a month to the last day of a month.
CREATE OR REPLACE FUNCTION rs_catalog.add_months(value timestamp, months integer) RETURNS timestamp LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN value::date = rs_catalog.last_day(value)
    THEN rs_catalog.last_day(value + make_interval(months => months)) + value::time
    ELSE value + make_interval(months => months) END;

CREATE OR REPLACE FUNCTION rs_catalog.add_months(value date, months integer) RETURNS timestamp LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN rs_catalog.add_months(value::timestamp, months);

CREATE OR REPLACE FUNCTION rs_catalog.months_between(last timestamp, first timestamp) RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (extract(year FROM last) - extract(year FROM first)) * 12 + extract(month FROM last) - extract(month FROM first)
    + CASE WHEN extract(day FROM last) = extract(day FROM first) OR last::date = rs_catalog.last_day(last) AND first::date = rs_catalog.last_day(first) THEN 0
        ELSE (extract(day FROM last) - extract(day FROM first)) / 31 + extract(epoch FROM last::time - first::time) / (31 * 86400) END;

CREATE OR REPLACE FUNCTION rs_catalog.next_day(value timestamp, weekday text) RETURNS date LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    wanted integer := CASE left(lower(weekday), 2) WHEN 'su' THEN 0 WHEN 'mo' THEN 1 WHEN 'tu' THEN 2 WHEN 'we' THEN 3 WHEN 'th' THEN 4 WHEN 'fr' THEN 5 WHEN 'sa' THEN 6
        ELSE CASE lower(weekday) WHEN 'm' THEN 1 WHEN 'w' THEN 3 WHEN 'f' THEN 5 END END;
BEGIN
    IF wanted IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = format('invalid day of the week "%s"', weekday);
    END IF;
    RETURN value::date + (wanted - extract(dow FROM value)::integer + 6) % 7 + 1;
END
$$;

CREATE OR REPLACE FUNCTION rs_catalog.next_day(value date, weekday text) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN rs_catalog.next_day(value::timestamp, weekday);

CREATE OR REPLACE FUNCTION rs_catalog.convert_timezone(source text, target text, value timestamp) RETURNS timestamp LANGUAGE sql STABLE PARALLEL SAFE
RETURN value AT TIME ZONE source AT TIME ZONE target;

CREATE OR REPLACE FUNCTION rs_catalog.convert_timezone(target text, value timestamp) RETURNS timestamp LANGUAGE sql STABLE PARALLEL SAFE
RETURN value AT TIME ZONE 'UTC' AT TIME ZONE target;

CREATE OR REPLACE FUNCTION rs_catalog.convert_timezone(target text, value timestamptz) RETURNS timestamp LANGUAGE sql STABLE PARALLEL SAFE
RETURN value AT TIME ZONE target;

CREATE OR REPLACE FUNCTION rs_catalog.date_cmp(a date, b date) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN pg_catalog.date_cmp(a, b);

CREATE OR REPLACE FUNCTION rs_catalog.date_cmp_timestamp(a date, b timestamp) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN pg_catalog.date_cmp_timestamp(a, b);

CREATE OR REPLACE FUNCTION rs_catalog.timestamp_cmp(a timestamp, b timestamp) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN pg_catalog.timestamp_cmp(a, b);

CREATE OR REPLACE FUNCTION rs_catalog.timestamp_cmp_date(a timestamp, b date) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN pg_catalog.timestamp_cmp_date(a, b);

CREATE OR REPLACE FUNCTION rs_catalog.interval_cmp(a interval, b interval) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN pg_catalog.interval_cmp(a, b);

-- A bare literal would be taken for a timestamptz, PostgreSQL's preferred type of its kind; in Redshift it is a timestamp.
CREATE OR REPLACE FUNCTION rs_catalog.dateadd(part text, count bigint, value text) RETURNS timestamp LANGUAGE sql STABLE PARALLEL SAFE
RETURN rs_catalog.dateadd(part, count, value::timestamp);

CREATE OR REPLACE FUNCTION rs_catalog.datediff(part text, first text, last text) RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
RETURN rs_catalog.datediff(part, first::timestamp, last::timestamp);

CREATE OR REPLACE FUNCTION rs_catalog.date_part(part text, value text) RETURNS double precision LANGUAGE sql STABLE PARALLEL SAFE
RETURN rs_catalog.date_part(part, value::timestamp);

CREATE OR REPLACE FUNCTION rs_catalog.datepart(part text, value text) RETURNS double precision LANGUAGE sql STABLE PARALLEL SAFE
RETURN rs_catalog.date_part(part, value::timestamp);

CREATE OR REPLACE FUNCTION rs_catalog.date_trunc(part text, value text) RETURNS timestamp LANGUAGE sql STABLE PARALLEL SAFE
RETURN pg_catalog.date_trunc(part, value::timestamp);

CREATE OR REPLACE FUNCTION rs_catalog.last_day(value text) RETURNS date LANGUAGE sql STABLE PARALLEL SAFE
RETURN rs_catalog.last_day(value::timestamp);

CREATE OR REPLACE FUNCTION rs_catalog.add_months(value text, months integer) RETURNS timestamp LANGUAGE sql STABLE PARALLEL SAFE
RETURN rs_catalog.add_months(value::timestamp, months);

CREATE OR REPLACE FUNCTION rs_catalog.months_between(last text, first text) RETURNS double precision LANGUAGE sql STABLE PARALLEL SAFE
RETURN rs_catalog.months_between(last::timestamp, first::timestamp);

CREATE OR REPLACE FUNCTION rs_catalog.next_day(value text, weekday text) RETURNS date LANGUAGE sql STABLE PARALLEL SAFE
RETURN rs_catalog.next_day(value::timestamp, weekday);

CREATE OR REPLACE FUNCTION rs_catalog.convert_timezone(source text, target text, value text) RETURNS timestamp LANGUAGE sql STABLE PARALLEL SAFE
RETURN rs_catalog.convert_timezone(source, target, value::timestamp);

CREATE OR REPLACE FUNCTION rs_catalog.convert_timezone(target text, value text) RETURNS timestamp LANGUAGE sql STABLE PARALLEL SAFE
RETURN rs_catalog.convert_timezone(target, value::timestamp);
