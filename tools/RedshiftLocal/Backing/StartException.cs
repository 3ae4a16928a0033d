namespace RedshiftLocal.Backing;

/// <summary>The server cannot be started, for a reason that its user can act on.</summary>
public sealed class StartException(string message, Exception? inner = null) : Exception(message, inner);
