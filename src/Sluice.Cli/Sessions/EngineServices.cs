namespace Sluice.Cli.Sessions;

/// <summary>The engine, as the command line uses it.</summary>
/// <param name="Binder">Reads commands.</param>
/// <param name="Runner">Runs them.</param>
/// <param name="Regression">Compares results for <c>--regress</c>.</param>
/// <param name="Encodings">Names and aliases for <c>--list-encodings</c>.</param>
internal sealed record EngineServices(
    ICommandBinder Binder,
    ICommandRunner Runner,
    IRegression Regression,
    Func<IEnumerable<(string Name, IEnumerable<string> Aliases)>> Encodings);
