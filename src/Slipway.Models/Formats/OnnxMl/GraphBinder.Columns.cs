using System.Collections.Immutable;
using Slipway.Core;
using Slipway.Models.Formats.Onnx;

namespace Slipway.Models.Formats.OnnxMl;

/// <summary>What stands before the ensemble: conversions, scaling and the choice of columns.</summary>
internal sealed partial class GraphBinder
{
    private static Features? BindColumns(OnnxNode node, OnnxAttributes attributes, Features features, ImmutableArray<Value> inputs) => node.Operator switch
    {
        "Identity" => features,
        "Cast" => Convert(features, TensorElementTypes.Of(attributes.Integer("to", 0))),
        "Concat" when attributes.Integer("axis", 1) is 1 or -1 => Join(inputs, features.Type),
        "FeatureVectorizer" => Convert(Join(inputs.Select(i => i is Features f ? Convert(f, ElementType.Float32) : null), ElementType.Float32), ElementType.Float32),
        "Scaler" => Scale(attributes, Convert(features, ElementType.Float32)),
        "Imputer" when features.Type == ElementType.Float32 => Impute(attributes, features),
        "ArrayFeatureExtractor" when inputs is [_, Constant indices] => Choose(features, Integers(attributes.File, indices)),
        _ => null,
    };

    private static Features? Convert(Features? features, ElementType? to)
    {
        if (features is null || to == features.Type) return features;
        // Whole numbers and float32 are float64 exactly, as far as the inputs of models go.
        if (to == ElementType.Float64 && features.Type is ElementType.Float32 or ElementType.Int32) return features with { Type = ElementType.Float64 };
        if (to != ElementType.Float32) return null;
        return new Features([.. features.Blocks.Select(b => b with { ToSingle = true })], ElementType.Float32);
    }

    private static Features? Join(IEnumerable<Value?> parts, ElementType type)
    {
        var blocks = ImmutableArray.CreateBuilder<InputColumns>();
        foreach (var part in parts)
        {
            if (part is not Features features || features.Type != type || features.Blocks.Any(b => b.Count < 0)) return null;
            blocks.AddRange(features.Blocks);
        }
        return new Features(blocks.ToImmutable(), type);
    }

    private static Features? Scale(OnnxAttributes attributes, Features? features)
    {
        var (offsets, scales) = (attributes.Numbers("offset"), attributes.Numbers("scale"));
        return features is null || offsets.Length == 0 || scales.Length == 0 || !Fits(offsets, features) || !Fits(scales, features) ? null
            : AddStep(features, (from, count) => new ScaleStep(Slice(offsets, from, count), Slice(scales, from, count)));
    }

    private static Features? Impute(OnnxAttributes attributes, Features features)
    {
        var (replaced, values) = (attributes.Number("replaced_value_float", 0), attributes.Numbers("imputed_value_floats"));
        return values.Length == 0 || !Fits(values, features) ? null : AddStep(features, (from, count) => new ImputeStep(replaced, Slice(values, from, count)));
    }

    private static bool Fits(float[] values, Features features) => values.Length == 1 || values.Length == WidthOf(features);

    private static int WidthOf(Features features) => features.Blocks.Any(b => b.Count < 0) ? -1 : features.Blocks.Sum(b => b.Count);

    private static float[] Slice(float[] values, int from, int count) => values.Length == 1 ? values : values.AsSpan(from, count).ToArray();

    private static Features AddStep(Features features, Func<int, int, ColumnStep> step)
    {
        var blocks = ImmutableArray.CreateBuilder<InputColumns>(features.Blocks.Length);
        var from = 0;
        foreach (var block in features.Blocks)
        {
            blocks.Add(block with { Steps = block.Steps.Add(step(from, block.Count)) });
            from += block.Count;
        }
        return features with { Blocks = blocks.DrainToImmutable() };
    }

    private static Features? Choose(Features features, long[]? columns)
    {
        if (columns is not { Length: > 0 }) return null;
        var width = WidthOf(features);
        var blocks = ImmutableArray.CreateBuilder<InputColumns>();
        foreach (var column in columns)
        {
            if (column < 0 || width < 0 || column >= width) return null;
            var (at, from) = (0, (int)column);
            while (from >= features.Blocks[at].Count) from -= features.Blocks[at++].Count;
            var chosen = features.Blocks[at].Slice(from, 1);
            blocks.Add(chosen);
        }
        return features with { Blocks = Merge(blocks) };
    }

    /// <summary>Neighbours without steps become one block.</summary>
    private static ImmutableArray<InputColumns> Merge(IEnumerable<InputColumns> columns)
    {
        var merged = new List<InputColumns>();
        foreach (var column in columns)
        {
            if (merged is [.., var last] && last.Input == column.Input && last.First + last.Count == column.First && last.ToSingle == column.ToSingle && last.Steps.IsEmpty && column.Steps.IsEmpty)
            {
                merged[^1] = last with { Count = last.Count + column.Count };
            }
            else
            {
                merged.Add(column);
            }
        }
        return [.. merged];
    }

    private static long[]? Integers(ReadOnlySpan<byte> file, Constant constant)
    {
        using var tensor = TensorProtoReader.Read(constant.Tensor.In(file), "constant");
        return tensor.Type == ElementType.Int64 ? tensor.Values<long>().ToArray() : null;
    }
}
