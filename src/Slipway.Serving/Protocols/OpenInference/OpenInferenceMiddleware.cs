using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Slipway.Core;

namespace Slipway.Serving.OpenInference;

/// <summary>
/// The Open Inference Protocol (REST): answers everything at and below <c>/v2</c>, before routing. A request whose body has arrived is parsed, scored and
/// answered on the caller's stack, without a task, a closure or a copy of the body.
/// </summary>
internal sealed partial class OpenInferenceMiddleware(
    RequestDelegate next, ModelHost host, DataPlane plane, IEnumerable<IInferTargets> targets, OpenInferenceOptions options, ILogger<OpenInferenceMiddleware> log)
{
    private const string BinaryHeader = "Inference-Header-Content-Length";

    private readonly ILogger _log = log;
    private readonly IInferTargets[] _targets = [.. targets];
    private readonly ModelMetadata _metadata = new(host);

    public Task InvokeAsync(HttpContext context)
    {
        var path = context.Request.Path.Value;
        if (!OpenInferencePath.IsBelow(path)) return next(context);
        var parsed = OpenInferencePath.Parse(path);
        if (parsed.Operation == Operation.Infer)
        {
            return HttpMethods.IsPost(context.Request.Method) ? Infer(context, parsed.Name, parsed.Version) : Refuse(context, "POST");
        }
        if (parsed.Operation == Operation.Unknown) return ProtocolError.WriteAsync(context, StatusCodes.Status404NotFound, $"no such address: {path}");
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method)) return Refuse(context, "GET");
        try
        {
            return _metadata.Answer(context, parsed, FindTarget(parsed));
        }
        catch (Exception error)
        {
            return Fail(context, error);
        }
    }

    private IInferTarget? FindTarget(in OpenInferencePath path) => path.Version.IsEmpty && !path.Name.IsEmpty ? FindTarget(path.Name) : null;

    private IInferTarget? FindTarget(ReadOnlySpan<char> name)
    {
        foreach (var targets in _targets)
        {
            if (targets.Find(name) is { } target) return target;
        }
        return null;
    }

    private Task Infer(HttpContext context, ReadOnlySpan<char> name, ReadOnlySpan<char> version)
    {
        if (version.IsEmpty && FindTarget(name) is { } target) return InferTargetAsync(context, target);
        if (!TryReadWhole(context, out var body)) return InferSlowAsync(context, name.ToString(), version.ToString());
        try
        {
            return InferModel(context, body.FirstSpan, name, version);
        }
        catch (Exception error)
        {
            return Fail(context, error);
        }
        finally
        {
            context.Request.BodyReader.AdvanceTo(body.End);
        }
    }

    /// <summary>Takes the body if all of it has arrived, uncompressed and in one piece; else leaves the reader as it was.</summary>
    private static bool TryReadWhole(HttpContext context, out ReadOnlySequence<byte> body)
    {
        body = default;
        var headers = context.Request.Headers;
        if (headers.ContentLength is not <= 1 << 20 || headers.ContentEncoding.Count != 0) return false;
        var reader = context.Request.BodyReader;
        if (!reader.TryRead(out var read)) return false;
        if (read.IsCompleted && read.Buffer.IsSingleSegment)
        {
            body = read.Buffer;
            return true;
        }
        reader.AdvanceTo(read.Buffer.Start);
        return false;
    }

    private Task InferModel(HttpContext context, ReadOnlySpan<byte> body, ReadOnlySpan<char> name, ReadOnlySpan<char> versionOrAlias)
    {
        using var request = InferRequest.Parse(body);
        while (true)
        {
            var version = Find(name, versionOrAlias);
            if (!plane.TryInfer(version, request.Inputs, allowExtra: false, out var outputs)) continue;
            using (outputs) return Reply(context, request, version.Version.Name, version.Number, null, outputs);
        }
    }

    private static Task Reply(
        HttpContext context, in InferRequest request, string model, string version, IReadOnlyList<KeyValuePair<string, string>>? parameters, Batch outputs)
    {
        var buffer = ResponseBuffer.Rent();
        InferResponse.Write(buffer.Writer, model, version, request.Id, parameters, outputs, request.Outputs);
        return JsonReply.WriteAsync(context, buffer);
    }

    private async Task InferSlowAsync(HttpContext context, string name, string version)
    {
        try
        {
            using var body = await RequestBody.ReadAsync(context, options.MaxRequestBytes);
            await InferModel(context, body.Span, name, version);
        }
        catch (Exception error)
        {
            await Fail(context, error);
        }
    }

    private async Task InferTargetAsync(HttpContext context, IInferTarget target)
    {
        try
        {
            using var body = await RequestBody.ReadAsync(context, options.MaxRequestBytes);
            using var request = InferRequest.Parse(body.Span);
            if (!target.Ready) throw new UnavailableException($"'{target.Name}' cannot answer now: it is paused or its model is not ready");
            var answer = await target.InferAsync(request.Inputs, context.RequestAborted);
            using (answer.Outputs) await Reply(context, request, target.Name, answer.Version, answer.Parameters, answer.Outputs);
        }
        catch (Exception error)
        {
            await Fail(context, error);
        }
    }

    private ServedVersion Find(ReadOnlySpan<char> name, ReadOnlySpan<char> versionOrAlias)
    {
        while (true)
        {
            var snapshot = host.Current;
            var model = snapshot.Find(name);
            if (model is null) throw new NotFoundException(DataPlane.NoModel(snapshot, name.ToString()));
            var version = model.Find(versionOrAlias);
            switch (version?.Status.State)
            {
                case VersionState.Ready: return version;
                case VersionState.Draining or VersionState.Unloaded: continue;
                case null when !model.IsKnown(versionOrAlias): throw new NotFoundException(DataPlane.NoVersion(model, versionOrAlias.ToString()));
                default: throw new UnavailableException(DataPlane.NoVersion(model, versionOrAlias.ToString()));
            }
        }
    }

    private static Task Refuse(HttpContext context, string allowed)
    {
        context.Response.Headers.Allow = allowed;
        return ProtocolError.WriteAsync(context, StatusCodes.Status405MethodNotAllowed, $"{context.Request.Method} is not allowed here; use {allowed}");
    }

    private Task Fail(HttpContext context, Exception error)
    {
        if (context.RequestAborted.IsCancellationRequested) return Task.CompletedTask;
        if (error is JsonException && context.Request.Headers.ContainsKey(BinaryHeader))
        {
            error = new NotSupportedException("the binary tensor extension is not supported; send the tensors' data as JSON");
        }
        var status = ProtocolError.StatusOf(error);
        if (status >= StatusCodes.Status500InternalServerError && error is not (UnavailableException or NotSupportedException)) LogFailed(error, context.Request.Path);
        return ProtocolError.WriteAsync(context, status, ProtocolError.ReasonOf(error));
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Path} failed")]
    private partial void LogFailed(Exception error, PathString path);
}
