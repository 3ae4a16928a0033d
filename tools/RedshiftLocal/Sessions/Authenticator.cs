using System.Globalization;
using System.Security.Cryptography;
using RedshiftLocal.Protocol;
using RedshiftLocal.Secrecy;

namespace RedshiftLocal.Sessions;

/// <summary>Asks a client for its password in the way that the server and the user's stored password call for.</summary>
internal sealed class Authenticator(WireReader reader, WireWriter writer, AuthenticationMethod preferred)
{
    private const int MaxAnswerBytes = 64 * 1024;
    private const int Md5Request = 5;
    private const int ClearRequest = 3;
    private const int Sha256Request = 13;

    /// <exception cref="ServerException">The password is wrong, or there is no such user: the same answer.</exception>
    public async Task RunAsync(string name, UserRecord? user, CancellationToken ct)
    {
        var stored = user?.Password;
        var method = stored is { Forms: StoredForms.Sha256 } ? AuthenticationMethod.Sha256
            : stored is { Forms: StoredForms.Md5 } && preferred == AuthenticationMethod.Sha256 ? AuthenticationMethod.Md5
            : preferred;
        var isRight = method switch
        {
            AuthenticationMethod.Md5 => await AskMd5Async(stored, ct),
            AuthenticationMethod.Password => await AskClearAsync(name, stored, ct),
            _ => await AskSha256Async(stored, ct),
        };
        if (!isRight || user is null || user.IsExpired)
        {
            throw StartupRequest.Fatal("28000", $"password authentication failed for user \"{name}\"");
        }
    }

    private async Task<bool> AskMd5Async(StoredPassword? stored, CancellationToken ct)
    {
        var salt = RandomNumberGenerator.GetBytes(4);
        writer.Begin('R').Int32(Md5Request).Bytes(salt).End();
        var answer = await AnswerAsync('p', ct);
        return stored is not null && stored.MatchesMd5(new PayloadReader(answer.Span).Text(), salt);
    }

    private async Task<bool> AskClearAsync(string name, StoredPassword? stored, CancellationToken ct)
    {
        writer.Begin('R').Int32(ClearRequest).End();
        var answer = await AnswerAsync('p', ct);
        return stored is not null && stored.MatchesClear(name, new PayloadReader(answer.Span).Text());
    }

    /// <summary>The client's nonce is the time in milliseconds, as digits; its answer comes in a message of type d.</summary>
    private async Task<bool> AskSha256Async(StoredPassword? stored, CancellationToken ct)
    {
        var salt = stored?.Salt ?? RandomNumberGenerator.GetBytes(32);
        var nonce = RandomNumberGenerator.GetBytes(32);
        writer.Begin('R').Int32(Sha256Request).Int32(0).Int32(salt.Length).Bytes(salt).Int32(nonce.Length).Bytes(nonce).End();
        var payload = await AnswerAsync('d', ct);
        var answer = new PayloadReader(payload.Span);
        var digest = answer.Bytes(answer.Int32());
        var clientNonce = answer.Bytes(answer.Int32());
        return stored is not null
            && long.TryParse(clientNonce, NumberStyles.None, CultureInfo.InvariantCulture, out _)
            && stored.MatchesSha256(digest, nonce, clientNonce);
    }

    private async Task<ReadOnlyMemory<byte>> AnswerAsync(char type, CancellationToken ct)
    {
        await writer.FlushAsync(ct);
        var message = await reader.ReadAsync(MaxAnswerBytes, ct);
        if (message.IsEnd)
        {
            throw new IOException("The client left before it logged in.");
        }

        return message.Type == type
            ? message.Payload
            : throw StartupRequest.Fatal("08P01", $"expected password response, got message type {message.Type}");
    }
}
