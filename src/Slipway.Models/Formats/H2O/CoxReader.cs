using System.Buffers.Binary;
using System.Globalization;
using Slipway.Core;
using Slipway.Models.Trees.Kernels;

namespace Slipway.Models.Formats.H2O;

/// <summary>Cox proportional hazards: the linear predictor of a row less that of its stratum's mean row.</summary>
internal static class CoxReader
{
    public static MojoModel Read(MojoArchive archive, MojoInfo info, MojoHeader header)
    {
        var coefficients = info.Doubles("coef");
        var model = new MojoModel(header) { Facts = [new("coefficients", coefficients.Length.ToString(CultureInfo.InvariantCulture))] };
        if (info.Has("interaction_targets")) return model with { Unsupported = ["interaction_targets: interactions of columns"] };
        var strata = Strata(info, header);
        var categories = info.Int("cats");
        // The first archives do not say it: the numbers' coefficients follow the levels'.
        var blocks = info.Ints("cat_offsets") is [.., var end] ? end : 0;
        var numbers = info.Int("num_numerical_columns", coefficients.Length - blocks);
        var numberPlaces = info.Has("num_offsets") ? info.Ints("num_offsets") : [.. Enumerable.Range(blocks, Math.Max(0, coefficients.Length - blocks))];
        var before = strata.Count == 0 ? 0 : strata[0].Length;
        if (categories < 0 || numbers < 0 || before + (long)categories + numbers > header.Features) throw info.Fault("num_numerical_columns", $"at most the {header.Features} features");
        if (numberPlaces.Length < numbers) throw info.Fault("num_offsets", $"{numbers} numbers");
        foreach (var place in numberPlaces.AsSpan(0, numbers))
        {
            if ((uint)place >= (uint)coefficients.Length) throw info.Fault("num_offsets", $"places among the {coefficients.Length} coefficients");
        }
        // The columns of times come after them, and are not needed.
        header = header.WithFeatures(before + categories + numbers);
        var offsets = CategoryOffsets.Of(info, header, categories, numbers, info.Bool("use_all_factor_levels", false), before);
        if (offsets.Blocks > coefficients.Length) throw info.Fault("coef", $"at least {offsets.Blocks} numbers");
        var means = Means(archive, info, coefficients, Math.Max(1, strata.Count));
        return model with
        {
            Header = header,
            Kernel = new CoxKernel(header, offsets, coefficients, numberPlaces, strata, means),
            Facts = model.Facts.Add(new("strata", strata.Count.ToString(CultureInfo.InvariantCulture))),
        };
    }

    private static List<int[]> Strata(MojoInfo info, MojoHeader header)
    {
        var strata = new List<int[]>();
        var count = info.Int("strata_count", 0);
        for (var s = 0; s < count; s++)
        {
            var levels = info.Doubles($"strata_{s}");
            if (levels.Length == 0 || levels.Length > header.Features || (s > 0 && levels.Length != strata[0].Length)) throw info.Fault($"strata_{s}", "as many levels as the other strata have");
            strata.Add([.. levels.Select(l => (int)l)]);
        }
        return strata;
    }

    /// <summary>The linear predictor of each stratum's mean row.</summary>
    private static double[] Means(MojoArchive archive, MojoInfo info, double[] coefficients, int strata)
    {
        var (categories, numbers) = (Rectangle(archive, info, "x_mean_cat"), Rectangle(archive, info, "x_mean_num"));
        if (categories.Length < strata || numbers.Length < strata) throw new ModelException($"x_mean_cat and x_mean_num have {categories.Length} and {numbers.Length} rows, {strata} expected");
        var means = new double[strata];
        for (var s = 0; s < strata; s++)
        {
            if (categories[s].Length + numbers[s].Length > coefficients.Length) throw new ModelException($"x_mean_cat and x_mean_num have {categories[s].Length} and {numbers[s].Length} columns, {coefficients.Length} together expected");
            for (var i = 0; i < categories[s].Length; i++) means[s] += categories[s][i] * coefficients[i];
            for (var i = 0; i < numbers[s].Length; i++) means[s] += numbers[s][i] * coefficients[i + categories[0].Length];
        }
        return means;
    }

    /// <summary>Rows of big-endian float64.</summary>
    private static double[][] Rectangle(MojoArchive archive, MojoInfo info, string name)
    {
        var (rows, columns) = (info.Int($"{name}_size1"), info.Int($"{name}_size2"));
        var bytes = archive.Read(name);
        if (rows < 1 || columns < 0 || bytes.Length != 8L * rows * columns) throw info.Fault($"{name}_size1", $"a size by which rows of {columns} fill the {bytes.Length} bytes of {archive.PathOf(name)}");
        var values = new double[rows][];
        for (var r = 0; r < rows; r++)
        {
            values[r] = new double[columns];
            for (var c = 0; c < columns; c++) values[r][c] = BinaryPrimitives.ReadDoubleBigEndian(bytes.AsSpan(8 * ((r * columns) + c)));
        }
        return values;
    }
}

/// <param name="numberPlaces">The coefficient of each number.</param>
/// <param name="strata">The levels of the first columns; none when there are no strata.</param>
/// <param name="means">One for each stratum.</param>
internal sealed class CoxKernel(MojoHeader header, CategoryOffsets offsets, double[] coefficients, int[] numberPlaces, List<int[]> strata, double[] means) : MarginKernel<double>(header.RowColumns.Length, 1)
{
    private readonly int _strataColumns = strata.Count == 0 ? 0 : strata[0].Length;

    protected override void ScoreRows(ReadOnlySpan<double> rows, int rowLength, Span<double> margins, int count)
    {
        for (var r = 0; r < count; r++) margins[r] = Predictor(rows.Slice(r * rowLength, Features));
    }

    private double Predictor(ReadOnlySpan<double> row)
    {
        var stratum = StratumOf(row[.._strataColumns]);
        if (stratum < 0) return double.NaN;
        row = row[_strataColumns..];
        var sum = 0.0;
        for (var c = 0; c < offsets.Categories; c++)
        {
            if (double.IsNaN(row[c])) return double.NaN;
            if (offsets.Coefficient(c, row[c]) is >= 0 and var place) sum += coefficients[place];
        }
        for (var i = 0; i < offsets.Numbers; i++) sum += coefficients[numberPlaces[i]] * row[offsets.Categories + i];
        return sum - means[stratum];
    }

    private int StratumOf(ReadOnlySpan<double> levels)
    {
        if (strata.Count == 0) return 0;
        for (var s = 0; s < strata.Count; s++)
        {
            var same = true;
            for (var i = 0; i < levels.Length && same; i++) same = (int)levels[i] == strata[s][i] && !double.IsNaN(levels[i]);
            if (same) return s;
        }
        return -1;
    }
}
