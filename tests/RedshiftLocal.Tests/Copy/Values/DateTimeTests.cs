using System.Buffers.Binary;
using System.Globalization;
using RedshiftLocal.Copy.Commands;

namespace RedshiftLocal.Tests.Copy.Values;

/// <summary>https://docs.aws.amazon.com/redshift/latest/dg/r_DATEFORMAT_and_TIMEFORMAT_strings.html and automatic-recognition.html.</summary>
public sealed class DateTimeTests
{
    private static readonly ValueOptions Auto = new() { DateFormat = "auto", TimeFormat = "auto" };

    [Theory]
    [InlineData("1999-01-08", 0)]
    [InlineData("2000-02-29", 0)]
    [InlineData("1999-02-29", 1205)]
    [InlineData("1999-13-01", 1205)]
    [InlineData("1999-1-8", 1205)]
    [InlineData("1999/01/08", 1205)]
    [InlineData("1999-01-08 00:00:00", 1205)]
    [InlineData("19990108", 1205)]
    [InlineData("infinity", 1205)]
    public void A_date_is_year_month_day_by_default(string text, int code) => Assert.Equal(code, Loaded.Code(Loaded.Column("date"), text));

    [Theory]
    [InlineData("1999-01-08", "1999-01-08")]
    [InlineData("19990108", "1999-01-08")]
    [InlineData("990108", "1999-01-08")]
    [InlineData("1999.008", "1999-01-08")]
    [InlineData("J2451187", "1999-01-08")]
    [InlineData("Jan-08-1999", "1999-01-08")]
    [InlineData("08-Jan-1999", "1999-01-08")]
    [InlineData("1/8/1999", "1999-01-08")]
    [InlineData("01/08/99", "1999-01-08")]
    [InlineData("January 8, 1999", "1999-01-08")]
    [InlineData("8 January 1999", "1999-01-08")]
    [InlineData("1999-01-08 23:59:59", "1999-01-08")]
    [InlineData("12.17.1997", "1997-12-17")]
    public void Auto_knows_the_dates_of_its_table(string text, string expected)
    {
        var days = BinaryPrimitives.ReadInt32BigEndian(Loaded.Bytes(Loaded.Column("date"), text, Auto));

        Assert.Equal(expected, new DateOnly(2000, 1, 1).AddDays(days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
    }

    [Fact]
    public void A_year_before_christ_counts_backwards()
    {
        // As PostgreSQL 15 stores '0095-01-08 BC'::date.
        Assert.Equal(-764_811, BinaryPrimitives.ReadInt32BigEndian(Loaded.Bytes(Loaded.Column("date"), "Jan-08-95 BC", Auto)));
    }

    [Theory]
    [InlineData("08/13/13/1999")]
    [InlineData("13/08/1999")]
    [InlineData("1999-Jan")]
    [InlineData("hello")]
    [InlineData("12:00:00")]
    [InlineData("1999-01-08 x")]
    [InlineData("1999-01-08-01")]
    [InlineData("")]
    [InlineData("99999999999")]
    public void Auto_does_not_guess(string text) => Assert.Equal(1205, Loaded.Code(Loaded.Column("date"), text.Length == 0 ? "-" : text, Auto));

    [Theory]
    [InlineData("MM/DD/YYYY", "03/31/2003", "2003-03-31")]
    [InlineData("MON DD, YYYY", "March 31, 2003", "2003-03-31")]
    [InlineData("MON-DD-YYYY", "Jan-01-1999", "1999-01-01")]
    [InlineData("DD.MM.YY", "31.12.69", "2069-12-31")]
    [InlineData("YYYYMMDD", "20030331", "2003-03-31")]
    public void A_dateformat_is_matched_part_by_part(string format, string text, string expected)
    {
        var days = BinaryPrimitives.ReadInt32BigEndian(Loaded.Bytes(Loaded.Column("date"), text, new ValueOptions { DateFormat = format }));

        Assert.Equal(expected, new DateOnly(2000, 1, 1).AddDays(days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("MM/DD/YYYY", "31/03/2003")]
    [InlineData("MM/DD/YYYY", "03-31-2003")]
    [InlineData("MM/DD/YYYY", "03/31/2003 ")]
    [InlineData("MM/DD/YYYY", "03/31/03")]
    public void A_date_of_another_format_is_refused(string format, string text) =>
        Assert.Equal(1205, Loaded.Code(Loaded.Column("date"), text, new ValueOptions { DateFormat = format }));

    [Theory]
    [InlineData("1999-01-08 04:05:06", "1999-01-08T04:05:06.000000")]
    [InlineData("1999-01-08 04:05:06.7", "1999-01-08T04:05:06.700000")]
    [InlineData("1999-01-08 04:05:06.123456", "1999-01-08T04:05:06.123456")]
    public void A_timestamp_may_have_microseconds_by_default(string text, string expected) => Assert.Equal(expected, Timestamp("timestamp", text));

    [Theory]
    [InlineData("1999-01-08")]
    [InlineData("1999-01-08T04:05:06")]
    [InlineData("1999-01-08 04:05")]
    [InlineData("1999-01-08 24:00:00")]
    [InlineData("1999-01-08 23:59:60")]
    [InlineData("1999-01-08 04:05:06.1234567")]
    [InlineData("1999-01-08 04:05:06.")]
    [InlineData("1999-01-08 04:05:06+01")]
    public void A_timestamp_of_another_form_is_refused_by_default(string text)
    {
        Assert.Equal(1206, Loaded.Code(Loaded.Column("timestamp"), text));
        Assert.Equal(
            "Invalid timestamp format or value [YYYY-MM-DD HH24:MI:SS]", Loaded.Problem(Loaded.Column("timestamp"), "x"u8)?.Reason);
    }

    [Theory]
    [InlineData("2019-02-11T05:09:12.195Z", "2019-02-11T05:09:12.195000")]
    [InlineData("19960108 040809", "1996-01-08T04:08:09.000000")]
    [InlineData("960108 040809", "1996-01-08T04:08:09.000000")]
    [InlineData("20190211T050912Z", "2019-02-11T05:09:12.000000")]
    [InlineData("1996-01-08 04:05:06.789", "1996-01-08T04:05:06.789000")]
    [InlineData("17 Dec 07:37:16 1997 PST", "1997-12-17T07:37:16.000000")]
    [InlineData("12/17/1997 07:37:16.00 PST", "1997-12-17T07:37:16.000000")]
    [InlineData("1997-12-17 07:37:16-08", "1997-12-17T07:37:16.000000")]
    [InlineData("12.17.1997 07:37:16.00 PST", "1997-12-17T07:37:16.000000")]
    [InlineData("12/17/1997 07:37 PM", "1997-12-17T19:37:00.000000")]
    [InlineData("Wed Dec 17 07:37:16 1997", "1997-12-17T07:37:16.000000")]
    [InlineData("1997-12-17", "1997-12-17T00:00:00.000000")]
    public void Auto_knows_the_timestamps_of_its_table(string text, string expected) => Assert.Equal(expected, Timestamp("timestamp", text, Auto));

    [Theory]
    [InlineData("1997-12-17 07:37:16-08", "1997-12-17T15:37:16.000000")]
    [InlineData("1997-12-17 07:37:16 PST", "1997-12-17T15:37:16.000000")]
    [InlineData("1997-07-17 07:37:16 America/Los_Angeles", "1997-07-17T14:37:16.000000")]
    [InlineData("1997-12-17 07:37:16+05:30", "1997-12-17T02:07:16.000000")]
    [InlineData("1997-12-17T07:37:16+0530", "1997-12-17T02:07:16.000000")]
    [InlineData("1997-12-17 07:37:16", "1997-12-17T07:37:16.000000")]
    public void A_timestamptz_is_kept_in_utc(string text, string expected) => Assert.Equal(expected, Timestamp("timestamptz", text, Auto));

    [Theory]
    [InlineData("1997-12-17 07:37:16-8:00", 0)]
    [InlineData("1997-12-17 07:37:16.123456+00", 0)]
    [InlineData("1997-12-17 07:37:16", 1206)]
    [InlineData("1997-12-17 07:37:16 PST", 1206)]
    public void A_timestamptz_needs_an_offset_by_default(string text, int code) => Assert.Equal(code, Loaded.Code(Loaded.Column("timestamptz"), text));

    [Theory]
    [InlineData("epochsecs", "1541168491", "2018-11-02T14:21:31.000000")]
    [InlineData("epochmillisecs", "1541168491123", "2018-11-02T14:21:31.123000")]
    [InlineData("epochsecs", "-1", "1969-12-31T23:59:59.000000")]
    public void Epochs_count_from_1970(string format, string text, string expected) =>
        Assert.Equal(expected, Timestamp("timestamp", text, new ValueOptions { TimeFormat = format }));

    [Theory]
    [InlineData("epochsecs", "1541168491.5")]
    [InlineData("epochsecs", "9223372036854775807")]
    [InlineData("epochmillisecs", "2018-11-02")]
    [InlineData("auto", "1541168491")]
    public void What_is_no_epoch_is_refused(string format, string text) =>
        Assert.Equal(1206, Loaded.Code(Loaded.Column("timestamp"), text, new ValueOptions { TimeFormat = format }));

    [Theory]
    [InlineData("MM.DD.YYYY HH:MI:SS", "03.31.2003 18:45:05", "2003-03-31T18:45:05.000000")]
    [InlineData("MM.DD.YYYY HH:MI:SS", "03.31.2003 18:45:05.5", "2003-03-31T18:45:05.500000")]
    [InlineData("YYYY-MM-DD HH:MI:SS.SSS", "2003-03-31 18:45:05.123", "2003-03-31T18:45:05.123000")]
    [InlineData("MM/DD/YYYY HH12:MI:SS AM", "03/31/2003 06:45:05 PM", "2003-03-31T18:45:05.000000")]
    public void A_timeformat_is_matched_part_by_part(string format, string text, string expected) =>
        Assert.Equal(expected, Timestamp("timestamp", text, new ValueOptions { TimeFormat = format }));

    [Fact]
    public void Acceptanydate_makes_null_of_what_is_no_date()
    {
        var options = new ValueOptions { DateFormat = "auto", TimeFormat = "auto", AcceptAnyDate = true };

        Assert.Null(Loaded.Bytes(Loaded.Column("date"), "0000-00-00", options));
        Assert.Null(Loaded.Bytes(Loaded.Column("timestamp"), "00/00/00 00:00:00", options));
    }

    [Theory]
    [InlineData("time", "04:05:06.789", 0)]
    [InlineData("time", "04:05:06+01", 1206)]
    [InlineData("time", "25:00:00", 1206)]
    [InlineData("timetz", "04:05:06+01:30", 0)]
    [InlineData("timetz", "04:05:06 PST", 1206)]
    public void Times_are_hours_minutes_seconds(string type, string text, int code) => Assert.Equal(code, Loaded.Code(Loaded.Column(type), text));

    [Fact]
    public void A_timetz_counts_its_zone_westwards()
    {
        var bytes = Loaded.Bytes(Loaded.Column("timetz"), "04:05:06+01:30")!;

        Assert.Equal(-5400, BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(8)));
    }

    [Fact]
    public void Every_day_of_the_calendar_is_counted()
    {
        for (var day = new DateOnly(1, 1, 1); day < new DateOnly(9999, 12, 1); day = day.AddDays(97))
        {
            var text = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            var expected = day.DayNumber - new DateOnly(2000, 1, 1).DayNumber;
            Assert.Equal(expected, BinaryPrimitives.ReadInt32BigEndian(Loaded.Bytes(Loaded.Column("date"), text)));
        }
    }

    [Fact]
    public void Garbage_in_dates_is_refused_and_nothing_else()
    {
        var random = new Random(11);
        string[] pieces = ["1", "12", "1999", "-", "/", ".", ":", " ", "T", "Z", "Jan", "PM", "BC", "+01", "J", "PST", "a/b", "000", ",", "99999999"];
        foreach (var type in (string[])["date", "timestamp", "timestamptz"])
        {
            for (var round = 0; round < 20_000; round++)
            {
                var text = string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => pieces[random.Next(pieces.Length)]));
                Assert.Contains(Loaded.Code(Loaded.Column(type), text, Auto), (int[])[0, 1205, 1206]);
            }
        }
    }

    private static string Timestamp(string type, string text, ValueOptions? options = null)
    {
        var microseconds = BinaryPrimitives.ReadInt64BigEndian(Loaded.Bytes(Loaded.Column(type), text, options));
        return new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddTicks(microseconds * 10).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff", CultureInfo.InvariantCulture);
    }
}
