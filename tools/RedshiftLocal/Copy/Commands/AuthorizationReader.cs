using RedshiftLocal.Protocol;

namespace RedshiftLocal.Copy.Commands;

/// <summary>Reads the authorization of COPY and UNLOAD, whose words may stand anywhere among the options; exactly one form is taken.</summary>
/// <remarks>https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-authorization.html</remarks>
internal sealed class AuthorizationReader(TokenCursor cursor)
{
    private CopyAuthorization? _authorization;
    private string? _accessKey;
    private string? _secretKey;
    private string? _token;

    /// <summary>MASTER_SYMMETRIC_KEY was written.</summary>
    public bool HasSymmetricKey { get; private set; }

    /// <summary>The form is CREDENTIALS '…'.</summary>
    public bool IsString { get; private set; }

    /// <summary>Takes the word and its argument; false when the word is none of these.</summary>
    public bool Read(string word)
    {
        switch (word)
        {
            case "iam_role":
                Once();
                _authorization = cursor.AcceptWord("default") ? CopyRole.Default : CopyRole.Parse(cursor.Text());
                return true;
            case "credentials":
                Once();
                cursor.AcceptWord("as");
                IsString = true;
                _authorization = CopyAuthorization.ParseString(cursor.Text());
                return true;
            case "access_key_id":
                _accessKey = Text(_accessKey);
                return true;
            case "secret_access_key":
                _secretKey = Text(_secretKey);
                return true;
            case "session_token" or "token":
                _token = Text(_token);
                return true;
            case "master_symmetric_key":
                if (HasSymmetricKey)
                {
                    throw Repeated();
                }

                HasSymmetricKey = true;
                Text(null);
                return true;
            default:
                return false;
        }
    }

    public CopyAuthorization Complete()
    {
        var keys = _accessKey is not null || _secretKey is not null || _token is not null;
        if (keys && _authorization is not null)
        {
            throw Repeated();
        }

        if (!keys)
        {
            return _authorization ?? throw new ServerException("42601", "CREDENTIALS argument is required but not provided");
        }

        return string.IsNullOrEmpty(_accessKey) || string.IsNullOrEmpty(_secretKey)
            ? throw CopyAuthorization.Invalid()
            : new CopyKeys(new S3Credentials(_accessKey, _secretKey, string.IsNullOrEmpty(_token) ? null : _token));
    }

    public static ServerException Repeated() => new("42601", "conflicting or redundant options");

    private void Once()
    {
        if (_authorization is not null)
        {
            throw Repeated();
        }
    }

    private string Text(string? before)
    {
        if (before is not null)
        {
            throw Repeated();
        }

        cursor.AcceptWord("as");
        return cursor.Text();
    }
}
