using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Slipway.Core;

namespace Slipway.Serving.OpenInference;

/// <summary>The protocol's questions about the server and its models.</summary>
internal sealed class ModelMetadata(ModelHost host)
{
    private static readonly string Version = typeof(ModelMetadata).Assembly.GetName().Version!.ToString(3);

    /// <param name="target">The use case of that name, if there is one; its own columns are shown then.</param>
    public Task Answer(HttpContext context, in OpenInferencePath path, IInferTarget? target)
    {
        var buffer = ResponseBuffer.Rent();
        var writer = buffer.Writer;
        var status = StatusCodes.Status200OK;
        writer.WriteStartObject();
        switch (path.Operation)
        {
            case Operation.ServerMetadata:
                writer.WriteString("name"u8, "slipway");
                writer.WriteString("version"u8, Version);
                writer.WriteStartArray("extensions"u8);
                writer.WriteEndArray();
                break;
            case Operation.ServerLive:
                writer.WriteBoolean("live"u8, true);
                break;
            case Operation.ServerReady:
                status = WriteReady(writer, host.Current.NotReady().Count == 0);
                break;
            case Operation.ModelReady:
                writer.WriteString("name"u8, path.Name);
                status = WriteReady(writer, target?.Ready ?? IsReady(Find(path), path.Version));
                break;
            default:
                WriteModel(writer, path, target);
                break;
        }
        writer.WriteEndObject();
        return JsonReply.WriteAsync(context, buffer, status);
    }

    private ServedModel Find(in OpenInferencePath path)
    {
        var snapshot = host.Current;
        var model = snapshot.Find(path.Name) ?? throw new NotFoundException(DataPlane.NoModel(snapshot, path.Name.ToString()));
        return model.IsKnown(path.Version) ? model : throw new NotFoundException(DataPlane.NoVersion(model, path.Version.ToString()));
    }

    private static int WriteReady(Utf8JsonWriter writer, bool ready)
    {
        writer.WriteBoolean("ready"u8, ready);
        return ready ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest;
    }

    private static bool IsReady(ServedModel model, ReadOnlySpan<char> version) => model.Find(version)?.Status.State is VersionState.Ready or VersionState.Draining;

    private void WriteModel(Utf8JsonWriter writer, in OpenInferencePath path, IInferTarget? target)
    {
        writer.WriteString("name"u8, path.Name);
        if (target is not null)
        {
            writer.WriteString("platform"u8, "slipway_use_case");
            WriteSignature(writer, target.Signature);
            return;
        }
        var model = Find(path);
        var version = model.Find(path.Version) ?? model.FindVersion(model.TargetOf(path.Version))!;
        writer.WriteStartArray("versions"u8);
        foreach (var other in model.Versions)
        {
            if (other.Status.State == VersionState.Ready) writer.WriteStringValue(other.Number);
        }
        writer.WriteEndArray();
        writer.WriteString("platform"u8, PlatformOf(version.Version));
        WriteSignature(writer, version.Version.Signature);
        writer.WriteStartObject("properties"u8);
        writer.WriteString("version"u8, version.Number);
        writer.WriteString("digest"u8, version.Version.Digest);
        writer.WriteEndObject();
    }

    /// <summary><c>onnxruntime_onnx</c>, the protocol's <c>PROJECT_FORMAT</c>; the name alone where a runtime is called as its format is.</summary>
    private static string PlatformOf(ModelVersion version) => version.Runtime == version.Format ? version.Runtime : $"{version.Runtime}_{version.Format}";

    private static void WriteSignature(Utf8JsonWriter writer, Signature signature)
    {
        WriteTensors(writer, "inputs"u8, signature.Inputs);
        WriteTensors(writer, "outputs"u8, signature.Outputs);
    }

    private static void WriteTensors(Utf8JsonWriter writer, ReadOnlySpan<byte> key, System.Collections.Immutable.ImmutableArray<TensorSpec> tensors)
    {
        writer.WriteStartArray(key);
        foreach (var tensor in tensors)
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, tensor.Name);
            writer.WriteString("datatype"u8, tensor.Type.ProtocolName);
            writer.WriteStartArray("shape"u8);
            foreach (var dimension in tensor.Shape) writer.WriteNumberValue(dimension);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }
}
