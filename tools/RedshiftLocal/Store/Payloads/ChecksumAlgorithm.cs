using System.Security.Cryptography;

namespace RedshiftLocal.Store.Payloads;

/// <summary>The checksums that S3 knows beside MD5.</summary>
internal enum ChecksumAlgorithm
{
    Crc32,
    Crc32C,
    Crc64Nvme,
    Sha1,
    Sha256,
}

/// <summary>Their names, lengths and composition.</summary>
internal static class ChecksumAlgorithms
{
    public const string HeaderPrefix = "x-amz-checksum-";

    public static string Name(this ChecksumAlgorithm algorithm) => algorithm.ToString().ToUpperInvariant();

    public static string HeaderName(this ChecksumAlgorithm algorithm) => HeaderPrefix + algorithm.Name().ToLowerInvariant();

    public static string ElementName(this ChecksumAlgorithm algorithm) => "Checksum" + algorithm.Name();

    public static int ByteCount(this ChecksumAlgorithm algorithm) => algorithm switch
    {
        ChecksumAlgorithm.Crc32 or ChecksumAlgorithm.Crc32C => 4,
        ChecksumAlgorithm.Crc64Nvme => 8,
        ChecksumAlgorithm.Sha1 => 20,
        _ => 32,
    };

    /// <summary>Null for the hashes.</summary>
    public static Crc? Crc(this ChecksumAlgorithm algorithm) => algorithm switch
    {
        ChecksumAlgorithm.Crc32 => Payloads.Crc.Crc32,
        ChecksumAlgorithm.Crc32C => Payloads.Crc.Crc32C,
        ChecksumAlgorithm.Crc64Nvme => Payloads.Crc.Crc64Nvme,
        _ => null,
    };

    /// <summary>By its name in any case, or null.</summary>
    public static ChecksumAlgorithm? Find(string name)
    {
        foreach (var algorithm in Enum.GetValues<ChecksumAlgorithm>())
        {
            if (algorithm.Name().Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return algorithm;
            }
        }

        return null;
    }

    /// <summary>By a header's name (x-amz-checksum-…), or null.</summary>
    public static ChecksumAlgorithm? FindHeader(string name) =>
        name.StartsWith(HeaderPrefix, StringComparison.OrdinalIgnoreCase) ? Find(name[HeaderPrefix.Length..]) : null;

    /// <summary>Null when the text is not a checksum of this kind.</summary>
    public static byte[]? Decode(this ChecksumAlgorithm algorithm, string text)
    {
        var bytes = new byte[algorithm.ByteCount()];
        return Convert.TryFromBase64String(text, bytes, out var written) && written == bytes.Length ? bytes : null;
    }

    public static byte[] Of(this ChecksumAlgorithm algorithm, ReadOnlySpan<byte> data)
    {
        using var hasher = new ChecksumHasher(algorithm);
        hasher.Append(data);
        return hasher.Finish();
    }
}

/// <summary>Computes one checksum.</summary>
internal sealed class ChecksumHasher : IDisposable
{
    private readonly Crc? _crc;
    private readonly IncrementalHash? _hash;
    private ulong _state;

    public ChecksumHasher(ChecksumAlgorithm algorithm)
    {
        _crc = algorithm.Crc();
        _state = _crc?.Ones ?? 0;
        _hash = _crc is not null ? null
            : IncrementalHash.CreateHash(algorithm == ChecksumAlgorithm.Sha1 ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA256);
    }

    public void Append(ReadOnlySpan<byte> data)
    {
        if (_crc is not null)
        {
            _state = _crc.Append(_state, data);
        }
        else
        {
            _hash!.AppendData(data);
        }
    }

    public byte[] Finish() => _crc is not null ? _crc.ToBytes(_state ^ _crc.Ones) : _hash!.GetHashAndReset();

    public void Dispose() => _hash?.Dispose();
}
