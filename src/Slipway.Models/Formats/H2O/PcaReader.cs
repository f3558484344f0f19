using System.Buffers.Binary;
using System.Globalization;
using Slipway.Core;
using Slipway.Models.Trees.Kernels;

namespace Slipway.Models.Formats.H2O;

/// <summary>Principal components: a row's coordinates along the eigenvectors.</summary>
internal static class PcaReader
{
    public static MojoModel Read(MojoArchive archive, MojoInfo info, MojoHeader header)
    {
        var (components, categories, numbers) = (info.Int("k"), info.Int("ncats"), info.Int("nnums"));
        if (components < 1) throw info.Fault("k", "at least 1");
        if (categories < 0 || numbers < 0 || categories + (long)numbers != header.Features) throw info.Fault("nnums", $"{header.Features} together with ncats, the features,");
        var columns = info.Ints("permutation");
        if (columns.Length != header.Features || columns.Any(c => (uint)c >= (uint)header.Features)) throw info.Fault("permutation", $"the {header.Features} columns");
        var starts = categories == 0 && info.Ints("catOffsets").Length == 0 ? [0] : info.Ints("catOffsets");
        if (starts.Length != categories + 1 || starts[0] != 0) throw info.Fault("catOffsets", $"0 and {categories} more numbers");
        var (means, factors) = (info.Doubles("normSub"), info.Doubles("normMul"));
        if (means.Length < numbers || factors.Length < numbers) throw info.Fault("normSub", $"{numbers} numbers, as many as in normMul,");
        for (var c = 0; c < categories; c++)
        {
            if (starts[c + 1] < starts[c]) throw info.Fault("catOffsets", "ascending numbers");
            if (!header.IsCategorical(columns[c])) throw new ModelException($"column '{header.RowColumns[columns[c]]}' is one of the {categories} categorical ones, but has no domain");
        }
        var size = info.Int("eigenvector_size");
        var bytes = archive.Read("eigenvectors_raw");
        if (size != starts[^1] + (long)numbers || bytes.Length != 8L * size * components) throw info.Fault("eigenvector_size", $"{starts[^1] + (long)numbers}, by which {components} vectors fill the {bytes.Length} bytes of {archive.PathOf("eigenvectors_raw")},");
        var vectors = new double[size * components];
        for (var i = 0; i < vectors.Length; i++) vectors[i] = BinaryPrimitives.ReadDoubleBigEndian(bytes.AsSpan(8 * i));
        return new MojoModel(header)
        {
            Kernel = new PcaKernel(header, components, columns, starts, info.Bool("use_all_factor_levels", false), means, factors, vectors),
            Predictions = [.. Enumerable.Range(1, components).Select(i => string.Create(CultureInfo.InvariantCulture, $"PC{i}"))],
            Facts = [new("components", components.ToString(CultureInfo.InvariantCulture))],
        };
    }
}

/// <param name="columns">Of the row: the categorical ones, then the numbers.</param>
/// <param name="starts">The first place of each categorical column's levels, and of the numbers.</param>
/// <param name="vectors">Place by place, the components'.</param>
internal sealed class PcaKernel(MojoHeader header, int components, int[] columns, int[] starts, bool allLevels, double[] means, double[] factors, double[] vectors)
    : MarginKernel<double>(header.RowColumns.Length, components)
{
    protected override void ScoreRows(ReadOnlySpan<double> rows, int rowLength, Span<double> margins, int count)
    {
        for (var r = 0; r < count; r++) Project(rows.Slice(r * rowLength, Features), margins.Slice(r * Outputs, Outputs));
    }

    private void Project(ReadOnlySpan<double> row, Span<double> coordinates)
    {
        coordinates.Clear();
        var categories = starts.Length - 1;
        for (var c = 0; c < categories; c++)
        {
            // Missing levels, those training had not seen and a first one that was left out add nothing.
            var level = row[columns[c]];
            if (double.IsNaN(level)) continue;
            var place = starts[c] + (int)level - (allLevels ? 0 : 1);
            if (place >= starts[c] && place < starts[c + 1]) Add(coordinates, 1, place);
        }
        for (var i = 0; i + categories < columns.Length; i++) Add(coordinates, (row[columns[categories + i]] - means[i]) * factors[i], starts[^1] + i);
    }

    private void Add(Span<double> coordinates, double value, int place)
    {
        var vector = vectors.AsSpan(place * Outputs, Outputs);
        for (var i = 0; i < coordinates.Length; i++) coordinates[i] += value * vector[i];
    }
}
