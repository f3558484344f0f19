using System.Buffers;
using Slipway.Core;
using Slipway.Models.Formats.XGBoost;
using Slipway.Models.Trees;
using Slipway.Models.Trees.Kernels;

namespace Slipway.Models.Formats.H2O;

/// <summary>XGBoost inside H2O: a booster in XGBoost's binary form, over rows that H2O encodes.</summary>
internal static class XGBoostMojoReader
{
    public static MojoModel Read(MojoArchive archive, MojoInfo info, MojoHeader header)
    {
        var document = DocumentOf(archive);
        if (header.Offset >= 0)
        {
            // An offset stands in the place of the base score.
            document.BaseScoreIsMargin = true;
            document.ModelParameters["base_score"] = "0";
        }
        var booster = XGBoostImport.Import(document, archive.HasStatistics);
        var offsets = CategoryOffsets.Read(info, header, info.Bool("use_all_factor_levels", true));
        var encoding = new BoosterEncoding(offsets, info.Bool("sparse", false));
        var features = booster.Trees?.FeatureCount ?? booster.Linear?.FeatureCount ?? encoding.Width;
        if (features != encoding.Width) throw new ModelException($"{archive.PathOf("boosterBytes")}: rows of {features} values, but nums and cat_offsets make {encoding.Width}");
        var outputs = booster.Trees?.OutputCount ?? booster.Linear?.BaseMargins.Length ?? 1;
        var expected = header.Classes.Length > 2 ? header.Classes.Length : 1;
        if (outputs != expected) throw new ModelException($"{archive.PathOf("boosterBytes")}: {outputs} outputs a row, {expected} expected for category {header.Category}");
        var transform = header.Classes.Length == 2 && booster.Transform == MarginTransform.Sigmoid ? MarginTransform.BinaryProbabilities : booster.Transform;
        if (header.IsClassifier && transform is not (MarginTransform.BinaryProbabilities or MarginTransform.Softmax)) throw new ModelException($"{archive.PathOf("boosterBytes")}: objective {document.Objective} gives no probabilities");
        var model = new MojoModel(header)
        {
            Encoding = encoding,
            Trees = booster.Trees,
            TreesPerRound = booster.TreesPerRound,
            ScaleAndBias = booster.ScaleAndBias,
            Linear = booster.Linear,
            Transform = transform,
            Facts = [.. booster.Facts.Where(f => f.Key is "booster" or "objective" or "base score"), new("rows", encoding.Width == header.Features ? "plain" : $"one-hot, {encoding.Width} values")],
            Unsupported = booster.Unsupported,
        };
        if ((header.Offset < 0 && !info.Has("calib_method")) || !model.Unsupported.IsEmpty) return model;
        // Both are computed beside the booster.
        return Calibration.Add(info, model with { Trees = null, Linear = null, Kernel = new BoosterKernel(model), Function = new BoosterPredictions(header, transform) });
    }

    private static XGBoostDocument DocumentOf(MojoArchive archive)
    {
        try
        {
            return XGBoostBinaryReader.Read(archive.Read("boosterBytes"));
        }
        catch (ModelException e)
        {
            throw new ModelException($"{archive.PathOf("boosterBytes")}: {e.Message}", e);
        }
    }
}

/// <summary>A booster's float32 margins of plain rows, with the offset added.</summary>
internal sealed class BoosterKernel : MarginKernel<double>
{
    private const int RowsPerBlock = 64;

    private readonly MojoHeader _header;
    private readonly BoosterEncoding _encoding;
    private readonly MarginKernel<float> _booster;

    /// <param name="model">With trees or a linear booster.</param>
    public BoosterKernel(MojoModel model) : this(model, model.Trees is { } trees ? KernelSelection.For<float>(trees, KernelKind.Automatic) : new LinearKernel(model.Linear!.FeatureCount, model.Linear.Weights, model.Linear.BaseMargins))
    {
    }

    private BoosterKernel(MojoModel model, MarginKernel<float> booster) : base(model.Header.RowColumns.Length, booster.Outputs)
    {
        _header = model.Header;
        _encoding = model.Encoding!;
        _booster = booster;
    }

    protected override void ScoreRows(ReadOnlySpan<double> rows, int rowLength, Span<double> margins, int count)
    {
        var rented = ArrayPool<float>.Shared.Rent(Features + (RowsPerBlock * (_encoding.Width + Outputs)));
        var plain = rented.AsSpan(0, Features);
        var encoded = rented.AsSpan(Features, RowsPerBlock * _encoding.Width);
        var sums = rented.AsSpan(Features + encoded.Length, RowsPerBlock * Outputs);
        for (var done = 0; done < count; done += RowsPerBlock)
        {
            var block = Math.Min(RowsPerBlock, count - done);
            for (var r = 0; r < block; r++)
            {
                var row = rows.Slice((done + r) * rowLength, Features);
                for (var f = 0; f < plain.Length; f++) plain[f] = (float)row[f];
                _encoding.Encode<float>(plain, encoded.Slice(r * _encoding.Width, _encoding.Width));
            }
            _booster.Score(encoded[..(block * _encoding.Width)], sums[..(block * Outputs)]);
            for (var i = 0; i < block * Outputs; i++) margins[(done * Outputs) + i] = sums[i] + OffsetOf(rows.Slice((done + (i / Outputs)) * rowLength, Features));
        }
        ArrayPool<float>.Shared.Return(rented);
    }

    private float OffsetOf(ReadOnlySpan<double> row) => _header.Offset < 0 || double.IsNaN(row[_header.Offset]) ? 0 : (float)row[_header.Offset];
}

/// <summary>What an objective makes of float32 margins, in float32.</summary>
internal sealed class BoosterPredictions(MojoHeader header, MarginTransform transform)
    : MojoPredictions(header.Classes.Length > 2 ? header.Classes.Length : 1, Math.Max(1, header.Classes.Length))
{
    private const int MaxOnStack = 64;

    public override void Apply(ReadOnlySpan<double> margins, Span<double> predictions)
    {
        var rented = Outputs > MaxOnStack ? ArrayPool<float>.Shared.Rent(Outputs) : null;
        var values = rented is null ? stackalloc float[Outputs] : rented.AsSpan(0, Outputs);
        for (var i = 0; i < margins.Length; i++) values[i] = (float)margins[i];
        MarginTransforms.Apply(transform, values, Margins);
        for (var i = 0; i < predictions.Length; i++) predictions[i] = values[i];
        if (rented is not null) ArrayPool<float>.Shared.Return(rented);
    }
}
