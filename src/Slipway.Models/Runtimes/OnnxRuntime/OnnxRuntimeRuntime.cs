using System.Collections.Immutable;
using Slipway.Core;
using Slipway.Models.Formats.Onnx;

namespace Slipway.Models.OnnxRuntime;

/// <summary>Runs ONNX models with the native ONNX Runtime, when its library is on the machine (see <c>native/package.json</c>).</summary>
public sealed class OnnxRuntimeRuntime : IRuntime
{
    public string Name => "onnxruntime";

    public IReadOnlyList<string> Formats { get; } = ["onnx"];

    /// <summary>True when the native library's file is where it is looked for first; loading may still find one elsewhere on the system.</summary>
    public static bool IsAvailable => OrtLibrary.Find() is not null;

    public bool CanOpen(string fileName, ReadOnlySpan<byte> head) =>
        fileName.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase) || OnnxHead.LooksLikeModel(head);

    public ModelDescription Describe(string path)
    {
        var session = OpenSession(path, RuntimeOptions.Default);
        try
        {
            var unsupported = ImmutableArray.CreateBuilder<string>();
            var signature = SignatureOf(session, unsupported);
            var facts = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
            facts.AddRange(OrtApi.Metadata(session));
            facts.Add(new("size", $"{new FileInfo(path).Length} bytes"));
            facts.Add(new("library", $"onnxruntime {OrtApi.LibraryVersion}"));
            return new ModelDescription("onnx", Name, signature, facts.ToImmutable(), unsupported.ToImmutable());
        }
        finally
        {
            OrtApi.ReleaseSession(session);
        }
    }

    public IModel Open(string path, RuntimeOptions options)
    {
        options.RequireWholePredictions(Path.GetFileName(path), Name);
        options.RequireExactMath(Path.GetFileName(path), Name);
        var session = OpenSession(path, options);
        try
        {
            var unsupported = ImmutableArray.CreateBuilder<string>();
            var signature = SignatureOf(session, unsupported);
            if (unsupported.Count > 0) throw new ModelException($"{Path.GetFileName(path)}: {string.Join("; ", unsupported)}");
            return new OnnxRuntimeModel(session, signature);
        }
        catch
        {
            OrtApi.ReleaseSession(session);
            throw;
        }
    }

    private static nint OpenSession(string path, RuntimeOptions options)
    {
        if (!File.Exists(path)) throw new ModelException($"{path}: there is no such file");
        try
        {
            return OrtApi.CreateSession(path, options.Threads);
        }
        catch (ModelException e) when (e.InnerException is null)
        {
            throw new ModelException($"{Path.GetFileName(path)}: {e.Message}", e);
        }
    }

    private static Signature SignatureOf(nint session, ImmutableArray<string>.Builder unsupported)
    {
        var inputs = ImmutableArray.CreateBuilder<TensorSpec>();
        for (var i = 0; i < OrtApi.InputCount(session); i++)
        {
            var (name, type) = (OrtApi.InputName(session, i), OrtApi.InputType(session, i));
            if (type.Kind == OrtType.TensorKind && OrtType.ToElementType(type.Element) is { } element)
            {
                inputs.Add(new TensorSpec(name, element, [.. type.Shape]));
            }
            else
            {
                unsupported.Add($"input '{name}' is a {type}: only tensors can be given");
            }
        }
        var outputs = ImmutableArray.CreateBuilder<TensorSpec>();
        for (var i = 0; i < OrtApi.OutputCount(session); i++)
        {
            var (name, type) = (OrtApi.OutputName(session, i), OrtApi.OutputType(session, i));
            if (type.Kind == OrtType.TensorKind && OrtType.ToElementType(type.Element) is { } element)
            {
                outputs.Add(new TensorSpec(name, element, [.. type.Shape]));
            }
            else if (type.IsZipMap && OrtType.ToElementType(type.Item!.Item!.Element) is { } score)
            {
                outputs.Add(new TensorSpec(name, score, [-1, -1]));
            }
            else
            {
                unsupported.Add($"output '{name}' is a {type}: only tensors and label-to-score maps can be answered");
            }
        }
        return new Signature(inputs.ToImmutable(), outputs.ToImmutable());
    }
}
