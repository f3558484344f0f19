using System.Globalization;
using Slipway.Core;
using Slipway.Models.Formats.Onnx;

namespace Slipway.Models.Packages;

/// <summary>
/// The ONNX convention for recorded calls: <c>test_data_set_N/input_I.pb</c> and <c>output_I.pb</c>, one <c>TensorProto</c> each,
/// where I counts the model's inputs and outputs in signature order.
/// </summary>
internal static class TestDataSets
{
    private const string Prefix = "test_data_set_";
    private const long MaxLength = 1 << 30;

    /// <summary>The names of the folders that hold a data set, in order of their numbers.</summary>
    public static IEnumerable<string> Find(IEnumerable<string> files) => files
        .Select(f => f.IndexOf('/') is > 0 and var slash && IsTensor(f, slash) ? f[..slash] : "")
        .Where(f => f.StartsWith(Prefix, StringComparison.Ordinal))
        .Distinct()
        .OrderBy(f => f.Length)
        .ThenBy(f => f, StringComparer.Ordinal);

    /// <summary>Reads one data set; the caller disposes both batches.</summary>
    /// <exception cref="ModelException">A tensor cannot be read, or the data set does not fit the signature.</exception>
    public static (Batch Inputs, Batch Outputs) Read(string folder, Signature signature)
    {
        var inputs = ReadTensors(folder, "input", signature.Inputs);
        try
        {
            var outputs = ReadTensors(folder, "output", signature.Outputs);
            if (outputs.Count == 0) throw new ModelException($"{folder}: it has no output_0.pb: nothing to compare");
            return (inputs, outputs);
        }
        catch
        {
            inputs.Dispose();
            throw;
        }
    }

    private static Batch ReadTensors(string folder, string kind, IReadOnlyList<TensorSpec> specs)
    {
        var batch = new Batch();
        try
        {
            var paths = Directory.GetFiles(folder, $"{kind}_*.pb");
            for (var i = 0; i < paths.Length; i++)
            {
                var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{kind}_{i}.pb"));
                if (i >= specs.Count) throw new ModelException($"{folder}: {paths.Length} {kind}s are recorded, the model has {specs.Count}");
                using var content = FileContent.Read(path, MaxLength);
                batch.Add(TensorProtoReader.Read(content.Span, path, specs[i].Name));
            }
            return batch;
        }
        catch
        {
            batch.Dispose();
            throw;
        }
    }

    private static bool IsTensor(string path, int slash)
    {
        var name = path.AsSpan(slash + 1);
        return name.EndsWith(".pb", StringComparison.Ordinal) && (name.StartsWith("input_", StringComparison.Ordinal) || name.StartsWith("output_", StringComparison.Ordinal));
    }
}
