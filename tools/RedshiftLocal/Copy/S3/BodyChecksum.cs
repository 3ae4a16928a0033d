using System.Buffers.Binary;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace RedshiftLocal.Copy.S3;

/// <summary>Checks a body against the checksum of the whole object that came with it.</summary>
/// <remarks>https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html</remarks>
internal sealed class BodyChecksum : IDisposable
{
    private readonly byte[] _expected;
    private readonly IncrementalHash? _hash;
    private readonly Crc? _crc;
    private readonly int _bytes;
    private ulong _state = Crc.Begin;

    private BodyChecksum(string name, byte[] expected, IncrementalHash? hash, Crc? crc)
    {
        Name = name;
        _expected = expected;
        _hash = hash;
        _crc = crc;
        _bytes = name == "crc64nvme" ? 8 : 4;
    }

    public string Name { get; }

    /// <summary>What the headers ask to be checked, or null. Composite checksums (of the parts' checksums, ending in -N) say nothing of the body.</summary>
    public static BodyChecksum? Of(HttpResponseHeaders headers)
    {
        ReadOnlySpan<string> names = ["crc64nvme", "crc32c", "crc32", "sha256", "sha1"];
        foreach (var name in names)
        {
            if (!headers.TryGetValues($"x-amz-checksum-{name}", out var values))
            {
                continue;
            }

            var value = string.Concat(values);
            var expected = new byte[64];
            if (Convert.TryFromBase64String(value, expected, out var length))
            {
                return Create(name, expected[..length]);
            }
        }

        return null;
    }

    public void Append(ReadOnlySpan<byte> data)
    {
        if (_hash is not null)
        {
            _hash.AppendData(data);
        }
        else if (_crc is not null)
        {
            _state = _crc.Update(_state, data);
        }
    }

    public bool Matches()
    {
        if (_hash is not null)
        {
            return _hash.GetCurrentHash().AsSpan().SequenceEqual(_expected);
        }

        Span<byte> actual = stackalloc byte[8];
        if (_bytes == 8)
        {
            BinaryPrimitives.WriteUInt64BigEndian(actual, ~_state);
        }
        else
        {
            BinaryPrimitives.WriteUInt32BigEndian(actual, ~(uint)_state);
        }

        return actual[.._bytes].SequenceEqual(_expected);
    }

    public void Dispose() => _hash?.Dispose();

    // These are no protection against an attacker, only what the protocol offers.
#pragma warning disable CA5350
    private static BodyChecksum Create(string name, byte[] expected) => name switch
    {
        "sha256" => new BodyChecksum(name, expected, IncrementalHash.CreateHash(HashAlgorithmName.SHA256), null),
        "sha1" => new BodyChecksum(name, expected, IncrementalHash.CreateHash(HashAlgorithmName.SHA1), null),
        "crc32c" => new BodyChecksum(name, expected, null, new Crc32C()),
        "crc32" => new BodyChecksum(name, expected, null, new TableCrc(TableCrc.Crc32)),
        _ => new BodyChecksum(name, expected, null, new TableCrc(TableCrc.Crc64Nvme)),
    };
#pragma warning restore CA5350
}
