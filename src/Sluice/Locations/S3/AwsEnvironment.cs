namespace Sluice.Locations.S3;

/// <summary>The environment variables of AWS tools, and the files they name. An empty variable counts as none.</summary>
internal sealed class AwsEnvironment(Func<string, string?> variable)
{
    public string? this[string name] => variable(name) is { Length: > 0 } value ? value : null;

    public string CredentialsPath => this["AWS_SHARED_CREDENTIALS_FILE"] ?? InHome("credentials");

    public string ConfigPath => this["AWS_CONFIG_FILE"] ?? InHome("config");

    public string? Profile => this["AWS_PROFILE"] ?? this["AWS_DEFAULT_PROFILE"];

    /// <summary>AWS_ENDPOINT_URL of a service (<c>S3</c>, <c>STS</c>), else of all; null: AWS's own.</summary>
    public string? Endpoint(string service) => IsTrue("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")
        ? null
        : this[$"AWS_ENDPOINT_URL_{service}"] ?? this["AWS_ENDPOINT_URL"];

    public bool IsTrue(string name) => string.Equals(this[name], "true", StringComparison.OrdinalIgnoreCase);

    private string InHome(string file)
    {
        var home = this["HOME"] ?? this["USERPROFILE"] ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return Path.Combine(home, ".aws", file);
    }
}
