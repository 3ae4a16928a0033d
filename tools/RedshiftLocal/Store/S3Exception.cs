namespace RedshiftLocal.Store;

/// <summary>An error answer: status, code, message and the elements that belong to it.</summary>
internal sealed class S3Exception(int status, string code, string message, params (string Name, string Value)[] details) : Exception(message)
{
    public int Status => status;

    public string Code => code;

    public IReadOnlyList<(string Name, string Value)> Details => details;

    /// <summary>Headers of the answer beside the body.</summary>
    public Dictionary<string, string> Headers { get; init; } = [];
}
