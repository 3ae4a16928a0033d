using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace RedshiftLocal.Store;

/// <summary>
/// Key pairs from a JSON file: <c>{"credentials": [{"accessKey", "secretKey", "sessionToken"?, "expires"?, "account"?, "arn"?,
/// "rights"?: {"bucket or *": ["read", "write", "list", "delete", "manage", "all"]}}]}</c>. Messages never hold a secret.
/// </summary>
public static class CredentialFile
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        AllowTrailingCommas = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
    };

    /// <summary>Throws <see cref="InvalidDataException"/>, saying what is wrong where, or <see cref="IOException"/>.</summary>
    public static ImmutableArray<S3Credential> Load(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path));
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException($"{path}: {exception.Message}", exception);
        }
    }

    /// <summary>Throws <see cref="InvalidDataException"/>.</summary>
    public static ImmutableArray<S3Credential> Parse(string json)
    {
        Document? document;
        try
        {
            document = JsonSerializer.Deserialize<Document>(json, Json);
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException(
                $"line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1} ({exception.Path ?? "$"}): {Reason(exception)}", exception);
        }

        if (document is null or { Credentials.Count: 0 })
        {
            throw new InvalidDataException("no credentials in it; expected {\"credentials\": [{\"accessKey\": …, \"secretKey\": …}]}");
        }

        var credentials = document.Credentials.Select(Convert).ToImmutableArray();
        if (credentials.GroupBy(credential => credential.AccessKey, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new InvalidDataException($"the access key {twice.Key} is given twice");
        }

        return credentials;
    }

    // The reader's own message quotes nothing of the file but member names.
    private static string Reason(JsonException exception) => exception.Message.Split(" Path: ")[0];

    private static S3Credential Convert(Item item, int index)
    {
        var where = $"credentials[{index}]";
        if (item is null or { AccessKey: null or "" } or { SecretKey: null or "" })
        {
            throw new InvalidDataException($"{where}: accessKey and secretKey are needed");
        }

        where = $"{where} ({item.AccessKey})";
        if (item.SessionToken is "")
        {
            throw new InvalidDataException($"{where}: sessionToken is empty; leave it out for a permanent key pair");
        }

        if (item.Expires is not null && item.SessionToken is null)
        {
            throw new InvalidDataException($"{where}: expires needs a sessionToken; permanent key pairs do not expire");
        }

        var account = item.Account ?? S3Credential.DefaultAccount;
        if (account.Length != 12 || !account.All(char.IsAsciiDigit))
        {
            throw new InvalidDataException($"{where}: account is '{account}', expected 12 digits");
        }

        return new S3Credential
        {
            AccessKey = item.AccessKey,
            SecretKey = item.SecretKey,
            SessionToken = item.SessionToken,
            Expires = item.Expires,
            Account = account,
            Arn = item.Arn,
            Rights = Rights(item.Rights, where),
        };
    }

    private static ImmutableDictionary<string, S3Rights> Rights(Dictionary<string, List<string>>? given, string where)
    {
        if (given is { Count: 0 })
        {
            throw new InvalidDataException($"{where}: rights is empty; leave it out for all rights, or give {{\"*\": []}} for none");
        }

        var rights = ImmutableDictionary.CreateBuilder<string, S3Rights>(StringComparer.Ordinal);
        foreach (var (bucket, words) in given ?? [])
        {
            if (bucket != "*" && !BucketName.IsValid(bucket))
            {
                throw new InvalidDataException($"{where}: '{bucket}' is not a bucket name");
            }

            rights[bucket] = words.Aggregate(S3Rights.None, (sum, word) => sum | Right(word, where, bucket));
        }

        return rights.ToImmutable();
    }

    private static S3Rights Right(string word, string where, string bucket) => word switch
    {
        "read" => S3Rights.Read,
        "write" => S3Rights.Write,
        "list" => S3Rights.List,
        "delete" => S3Rights.Delete,
        "manage" => S3Rights.Manage,
        "all" => S3Rights.All,
        _ => throw new InvalidDataException($"{where}: right '{word}' on '{bucket}'; known are read, write, list, delete, manage, all"),
    };

    private sealed record Document
    {
        [JsonRequired]
        public List<Item> Credentials { get; init; } = [];
    }

    private sealed record Item
    {
        public string? AccessKey { get; init; }

        public string? SecretKey { get; init; }

        public string? SessionToken { get; init; }

        public DateTimeOffset? Expires { get; init; }

        public string? Account { get; init; }

        public string? Arn { get; init; }

        public Dictionary<string, List<string>>? Rights { get; init; }
    }
}
