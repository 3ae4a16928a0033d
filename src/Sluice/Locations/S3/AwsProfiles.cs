using Sluice.Diagnostics;

namespace Sluice.Locations.S3;

/// <summary>
/// The profiles of the shared credentials and config files, as text: the credentials file's value of a setting wins.
/// https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
/// </summary>
internal sealed class AwsProfiles
{
    private readonly Dictionary<string, Dictionary<string, string>> _profiles = new(StringComparer.Ordinal);

    private AwsProfiles()
    {
    }

    public IEnumerable<string> Names => _profiles.Keys;

    /// <exception cref="TargetException">A file is there but cannot be read.</exception>
    public static AwsProfiles Read(AwsEnvironment environment)
    {
        var profiles = new AwsProfiles();
        profiles.Add(environment.ConfigPath, isConfig: true);
        profiles.Add(environment.CredentialsPath, isConfig: false);
        return profiles;
    }

    public bool Has(string profile) => _profiles.ContainsKey(profile);

    /// <summary>The value of a setting, by its lower-case name.</summary>
    public string? Find(string profile, string setting) =>
        _profiles.TryGetValue(profile, out var settings) && settings.TryGetValue(setting, out var value) && value.Length > 0 ? value : null;

    private void Add(string path, bool isConfig)
    {
        try
        {
            if (File.Exists(path))
            {
                Add(File.ReadLines(path), isConfig);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new TargetException(
                $"Cannot read the AWS {(isConfig ? "config" : "credentials")} file {Printable.Escape(path)}: {Commands.FileFault.Reason(path, error)}", null, error);
        }
    }

    private void Add(IEnumerable<string> lines, bool isConfig)
    {
        Dictionary<string, string>? settings = null;
        foreach (var line in lines)
        {
            var text = line.Trim();
            var isNested = line.Length > 0 && line[0] is ' ' or '\t'; // settings below a setting, such as those of s3 =
            if (text.Length == 0 || text[0] is '#' or ';' || (isNested && text[0] != '['))
            {
                continue;
            }

            if (text[0] == '[')
            {
                settings = Section(text[1..].Split(']')[0].Trim(), isConfig);
                continue;
            }

            var equals = text.IndexOf('=', StringComparison.Ordinal);
            if (settings is not null && equals > 0)
            {
                settings[text[..equals].TrimEnd().ToLowerInvariant()] = Value(text[(equals + 1)..]);
            }
        }
    }

    // In the config file all but the default profile begin with the word profile; other sections are none.
    private Dictionary<string, string>? Section(string name, bool isConfig)
    {
        var words = name.Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries);
        if (isConfig && name != "default")
        {
            if (words is not ["profile", _])
            {
                return null;
            }

            name = words[1].Trim().Trim('"', '\'');
        }

        if (!_profiles.TryGetValue(name, out var settings))
        {
            _profiles[name] = settings = new Dictionary<string, string>(StringComparer.Ordinal);
        }

        return settings;
    }

    private static string Value(string text)
    {
        var comment = text.IndexOfAny(['#', ';']);
        while (comment > 0 && !char.IsWhiteSpace(text[comment - 1]))
        {
            comment = text.IndexOfAny(['#', ';'], comment + 1);
        }

        return (comment > 0 ? text[..comment] : text).Trim();
    }
}
