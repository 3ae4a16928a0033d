using System.CommandLine;
using System.Globalization;
using RedshiftLocal;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
return await CommandLine.Build().Parse(args).InvokeAsync(
    // The program ends its servers itself, however long that takes.
    new InvocationConfiguration { ProcessTerminationTimeout = null });
