using RedshiftLocal.Protocol;

namespace RedshiftLocal.Copy.Values;

/// <summary>The arguments of DATEFORMAT and TIMEFORMAT.</summary>
internal static class DateTimeFormats
{
    public const string Auto = "auto";
    public const string EpochSeconds = "epochsecs";
    public const string EpochMilliseconds = "epochmillisecs";

    /// <summary>The argument, when it is "auto" or a format of date parts.</summary>
    public static string CheckDate(string format) =>
        format == Auto || DateTimeFormat.TryCompile(format, time: false) is not null ? format : throw Invalid("DATEFORMAT", format);

    /// <summary>The argument, when it is one of the three words or a format of date and time parts.</summary>
    public static string CheckTime(string format) =>
        format is Auto or EpochSeconds or EpochMilliseconds || DateTimeFormat.TryCompile(format, time: true) is not null
            ? format
            : throw Invalid("TIMEFORMAT", format);

    private static ServerException Invalid(string option, string format) => new("22007", $"Invalid {option} string '{format}'");
}
