using System.Globalization;
using RedshiftLocal.Copy;
using RedshiftLocal.Copy.S3;
using RedshiftLocal.Faults;
using RedshiftLocal.Protocol;
using RedshiftLocal.Unload.Commands;
using RedshiftLocal.Unload.Files;

namespace RedshiftLocal.Unload;

/// <summary>Runs UNLOAD of any number of sessions.</summary>
public sealed class UnloadEngine(HttpClient http, TimeProvider clock)
{
    private static readonly TimeSpan CleanupPatience = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Writes the files. Throws <see cref="ServerException"/> with what the client is told, or <see cref="CopyDroppedException"/>. Files
    /// that are written stay, whatever becomes of the statement or its transaction.
    /// </summary>
    public async Task RunAsync(UnloadRequest request, CancellationToken ct)
    {
        request.Secrets.RememberFrom(request.Statement.Text);
        try
        {
            await UnloadAsync(request, ct);
        }
        catch (ServerException exception)
        {
            throw new ServerException(
                exception.Error with
                {
                    Message = request.Secrets.Mask(exception.Error.Message),
                    Detail = exception.Error.Detail is null ? null : request.Secrets.Mask(exception.Error.Detail),
                },
                exception)
            {
                Notices = exception.Notices,
            };
        }
    }

    private async Task UnloadAsync(UnloadRequest request, CancellationToken ct)
    {
        var command = UnloadParser.Parse(request.Statement, request.CaseSensitiveIdentifiers);
        var description = await request.DescribeAsync(request.Query) ?? throw new ServerException("42601", "UNLOAD needs a query that returns columns");
        var plan = UnloadPlan.Create(command, UnloadColumn.Read(description));
        await using var history = new UnloadHistory(request, plan, await request.OpenSuperuserAsync(ct), clock);
        await history.BeginAsync(ct);
        request.Counters.LastQueryId = history.QueryId;
        await ObeyFaultAsync(request, ct);
        UnloadSink? sink = null;
        string? problem = "";
        try
        {
            var keys = GrantedKeys.Of(command.Authorization, request.Options, request.User);
            var requests = new S3Requests(http, request.Options, keys, command.Region ?? request.Options.Region, clock);
            var store = new S3Writer(requests, Encryption(command));
            await PrepareTargetAsync(command, command.Prefix, new S3Reader(requests), store, ct);
            request.Counters.LastUnloadId = history.QueryId;
            request.Counters.LastUnloadCount = 0;
            sink = new UnloadSink(
                plan, store, Math.Max(1, request.Options.Slices), folder => CleanFolderAsync(command, folder, new S3Reader(requests), store, ct),
                request.CancelQueryAsync, clock, ct);
            await RunAsync(request, plan, sink);
            if (command.Manifest)
            {
                var manifest = UnloadManifest.Write(sink.Files, [.. plan.Shown.Select(index => plan.Columns[index])], command.Verbose);
                await store.PutAsync(command.Target with { Key = command.Prefix + "manifest" }, manifest, ct);
            }

            problem = null;
        }
        catch (S3Exception exception)
        {
            problem = exception.Message;
            throw InternalError.Of(exception.Message, exception.Context, history.QueryId, request.ProcessId, exception);
        }
        catch (ServerException exception)
        {
            problem = exception.Error.Message;
            throw;
        }
        finally
        {
            await history.CompleteAsync(sink?.Files ?? [], sink?.Rows ?? 0, problem);
        }

        request.Counters.LastUnloadCount = sink.Rows;
        request.Notify(new Notice(string.Create(CultureInfo.InvariantCulture, $"UNLOAD completed, {sink.Rows} record(s) unloaded successfully.")));
    }

    private static async Task RunAsync(UnloadRequest request, UnloadPlan plan, UnloadSink sink)
    {
        try
        {
            await request.QueryAsync(plan.Ordered(request.Query), sink);
            sink.Failure?.Throw();
            await sink.CompleteAsync();
        }
        catch (Exception exception)
        {
            using var patience = new CancellationTokenSource(CleanupPatience);
            await sink.AbandonAsync(leaveRows: (sink.Failure?.SourceException ?? exception) is not S3Exception, patience.Token);

            // The query was ended because of it.
            sink.Failure?.Throw();
            throw;
        }
    }

    /// <summary>By default nothing may be there; CLEANPATH removes what is.</summary>
    private static async Task PrepareTargetAsync(UnloadCommand command, string prefix, S3Reader reader, S3Writer writer, CancellationToken ct)
    {
        if (command.AllowOverwrite || (command.CleanPath && !command.PartitionBy.IsEmpty))
        {
            return;
        }

        var place = command.Target with { Key = prefix };
        var found = await reader.ListAsync(place, ct);
        if (command.CleanPath)
        {
            foreach (var item in found)
            {
                await writer.DeleteAsync(command.Target with { Key = item.Key }, ct);
            }
        }
        else if (found.Count > 0)
        {
            throw new S3Exception(
                "Specified unload destination on S3 is not empty. Consider using a different bucket / prefix, manually removing the target files in S3, "
                + "or using the ALLOWOVERWRITE option.",
                $"Listing bucket={place.Bucket} prefix={place.Key}");
        }
    }

    /// <summary>CLEANPATH with PARTITION BY removes from the folders that get new files only.</summary>
    private static Task CleanFolderAsync(UnloadCommand command, string folder, S3Reader reader, S3Writer writer, CancellationToken ct) =>
        command.CleanPath ? PrepareTargetAsync(command with { PartitionBy = [] }, command.Prefix + folder, reader, writer, ct) : Task.CompletedTask;

    private static List<(string Name, string Value)> Encryption(UnloadCommand command)
    {
        const string Header = "x-amz-server-side-encryption";
        return command.KmsKey is null ? [] : [(Header, "aws:kms"), (Header + "-aws-kms-key-id", Uri.EscapeDataString(command.KmsKey).Replace("%3A", ":", StringComparison.Ordinal).Replace("%2F", "/", StringComparison.Ordinal))];
    }

    private async Task ObeyFaultAsync(UnloadRequest request, CancellationToken ct)
    {
        var fault = request.Faults.Take(FaultPoint.Unload, request.Statement.Text);
        if (fault?.Delay > TimeSpan.Zero)
        {
            await Task.Delay(fault.Delay, clock, ct);
        }

        switch (fault?.Kind)
        {
            case FaultKind.Error:
                throw CopyFaults.Error(fault);
            case FaultKind.Drop:
                throw new CopyDroppedException();
        }
    }
}
