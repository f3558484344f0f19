using System.Buffers;
using System.Globalization;
using Slipway.Core;
using Slipway.Models.Trees.Kernels;

namespace Slipway.Models.Formats.H2O;

/// <summary>Stacked ensembles: a metalearner over the predictions of base models, all of which are archives in folders of this one.</summary>
internal static class StackedEnsembleReader
{
    public static MojoModel Read(MojoArchive archive, MojoInfo info, MojoHeader header, int depth)
    {
        var transform = info.TextOrNull("metalearner_transform") ?? "NONE";
        var folders = Folders(info);
        var read = new Dictionary<string, MojoModel>(StringComparer.Ordinal);
        var metalearner = ReadPart("metalearner");
        var parts = new List<(string Key, MojoModel Model)> { (info.Text("metalearner"), metalearner) };
        var count = info.Int("base_models_num");
        if (count < 1 || count > info.KeyCount) throw info.Fault("base_models_num", "as many base models as are listed, and at least 1,");
        for (var i = 0; i < count; i++)
        {
            // A base model that the metalearner does not use is left out.
            var key = $"base_model{i}";
            if (info.Has(key)) parts.Add((info.Text(key), ReadPart(key)));
        }
        var model = new MojoModel(header)
        {
            Threshold = metalearner.Threshold,
            Facts =
            [
                .. parts.Select((part, i) => KeyValuePair.Create(i == 0 ? "metalearner" : string.Create(CultureInfo.InvariantCulture, $"base model {i}"), $"{part.Model.Header.Algorithm} {part.Key}")),
                new("metalearner transform", transform),
            ],
            Unsupported = [.. parts.SelectMany(part => part.Model.Unsupported.Select(reason => $"{part.Key}: {reason}"))],
        };
        if (transform is not ("NONE" or "Logit")) model = model with { Unsupported = model.Unsupported.Add($"metalearner_transform '{transform}' is not known (NONE and Logit are)") };
        if (!model.Unsupported.IsEmpty) return model;
        var classes = Math.Max(1, header.Classes.Length);
        if (parts.Count < 2) throw info.Fault("base_models_num", "at least one that is listed");
        foreach (var (key, part) in parts)
        {
            if (Math.Max(1, part.Header.Classes.Length) != classes) throw new ModelException($"{key} has {part.Header.Classes.Length} classes, the ensemble {header.Classes.Length}");
        }
        var compiled = new Dictionary<MojoModel, BaseModel>(ReferenceEqualityComparer.Instance);
        foreach (var (key, part) in parts.Skip(1))
        {
            if (!compiled.ContainsKey(part)) compiled.Add(part, BaseModel.Of(part, header, key));
        }
        var bases = parts.Skip(1).Select(part => compiled[part.Model]).ToArray();
        var width = bases.Length * (classes > 2 ? classes : 1);
        if (metalearner.Header.RowColumns.Length != width) throw new ModelException($"the metalearner {parts[0].Key} takes {metalearner.Header.RowColumns.Length} values, the base models give {width}");
        return model with { Kernel = new StackedKernel(header, bases, new PredictionKernel(metalearner), transform == "Logit") };

        MojoModel ReadPart(string key)
        {
            if (!folders.TryGetValue(info.Text(key), out var folder)) throw info.Fault(key, "one of the submodel_keys");
            if (!read.TryGetValue(folder, out var part)) read.Add(folder, part = MojoReader.Read(archive.Folder(folder), depth + 1));
            return part;
        }
    }

    private static Dictionary<string, string> Folders(MojoInfo info)
    {
        var folders = new Dictionary<string, string>(StringComparer.Ordinal);
        var count = info.Int("submodel_count");
        for (var i = 0; i < count; i++)
        {
            var folder = info.Text($"submodel_dir_{i}");
            if (!folder.EndsWith('/')) throw info.Fault($"submodel_dir_{i}", "a folder that ends in /");
            folders[info.Text($"submodel_key_{i}")] = folder;
        }
        return folders;
    }
}

/// <summary>A base model of a stacked ensemble, and where its columns are in the ensemble's rows.</summary>
internal sealed record BaseModel(PredictionKernel Kernel, int[] Columns)
{
    public static BaseModel Of(MojoModel model, MojoHeader ensemble, string key)
    {
        var columns = new int[model.Header.RowColumns.Length];
        for (var c = 0; c < columns.Length; c++)
        {
            columns[c] = ensemble.RowColumns.IndexOf(model.Header.RowColumns[c]);
            if (columns[c] < 0) throw new ModelException($"{key} has a column '{model.Header.RowColumns[c]}' that the ensemble has not");
        }
        return new BaseModel(new PredictionKernel(model), columns);
    }
}

/// <summary>A whole model as a kernel: plain rows in, predictions out.</summary>
internal sealed class PredictionKernel : MarginKernel<double>
{
    private readonly MarginKernel<double> _kernel;
    private readonly MojoPredictions? _function;

    /// <param name="model">Can run.</param>
    public PredictionKernel(MojoModel model) : this(model.Header.RowColumns.Length, KernelOf(model), FunctionOf(model))
    {
    }

    private PredictionKernel(int features, MarginKernel<double> kernel, MojoPredictions? function) : base(features, function?.Outputs ?? kernel.Outputs)
    {
        _kernel = kernel;
        _function = function;
    }

    protected override void ScoreRows(ReadOnlySpan<double> rows, int rowLength, Span<double> margins, int count)
    {
        if (_function is null)
        {
            _kernel.Score(rows, rowLength, margins);
            return;
        }
        var rented = ArrayPool<double>.Shared.Rent(count * _kernel.Outputs);
        var sums = rented.AsSpan(0, count * _kernel.Outputs);
        _kernel.Score(rows, rowLength, sums);
        for (var r = 0; r < count; r++) _function.Apply(sums.Slice(r * _kernel.Outputs, _kernel.Outputs), margins.Slice(r * Outputs, Outputs));
        ArrayPool<double>.Shared.Return(rented);
    }

    private static MarginKernel<double> KernelOf(MojoModel model)
    {
        if (model.Kernel is not null) return model.Kernel;
        if (model.Encoding is not null) return new BoosterKernel(model);
        var sums = KernelSelection.For<double>(model.Trees!, KernelKind.Automatic);
        return model.ScaleAndBias is { } adjustment ? new ScaledKernel<double>(sums, adjustment) : sums;
    }

    private static MojoPredictions? FunctionOf(MojoModel model) =>
        (MojoPredictions?)model.Function ?? (model.Encoding is null ? null : new BoosterPredictions(model.Header, model.Transform));
}

/// <summary>Predictions of the metalearner over those of the base models: of two classes the second's probability, of more all of them.</summary>
internal sealed class StackedKernel(MojoHeader header, BaseModel[] bases, PredictionKernel metalearner, bool logit) : MarginKernel<double>(header.RowColumns.Length, Math.Max(1, header.Classes.Length))
{
    private const int RowsPerBlock = 64;

    protected override void ScoreRows(ReadOnlySpan<double> rows, int rowLength, Span<double> margins, int count)
    {
        var features = 0;
        var outputs = 0;
        foreach (var part in bases) (features, outputs) = (Math.Max(features, part.Kernel.Features), Math.Max(outputs, part.Kernel.Outputs));
        var rented = ArrayPool<double>.Shared.Rent(RowsPerBlock * (features + outputs + metalearner.Features + metalearner.Outputs));
        var taken = rented.AsSpan();
        var plain = Take(ref taken, features);
        var predictions = Take(ref taken, outputs);
        var stacked = Take(ref taken, metalearner.Features);
        var answers = Take(ref taken, metalearner.Outputs);
        for (var done = 0; done < count; done += RowsPerBlock)
        {
            var block = Math.Min(RowsPerBlock, count - done);
            var column = 0;
            foreach (var part in bases)
            {
                Gather(rows.Slice(done * rowLength, block * rowLength), rowLength, part.Columns, plain);
                part.Kernel.Score(plain[..(block * part.Columns.Length)], predictions[..(block * part.Kernel.Outputs)]);
                column = Stack(predictions, part.Kernel.Outputs, block, stacked, column);
            }
            metalearner.Score(stacked[..(block * metalearner.Features)], answers[..(block * metalearner.Outputs)]);
            // What follows the classes, as calibrated probabilities, is the metalearner's own.
            for (var r = 0; r < block; r++) answers.Slice(r * metalearner.Outputs, Outputs).CopyTo(margins[((done + r) * Outputs)..]);
        }
        ArrayPool<double>.Shared.Return(rented);
    }

    private static Span<double> Take(ref Span<double> rest, int width)
    {
        var taken = rest[..(RowsPerBlock * width)];
        rest = rest[taken.Length..];
        return taken;
    }

    private static void Gather(ReadOnlySpan<double> rows, int rowLength, int[] columns, Span<double> plain)
    {
        for (int from = 0, to = 0; from < rows.Length; from += rowLength)
        {
            foreach (var column in columns) plain[to++] = rows[from + column];
        }
    }

    /// <returns>The metalearner's next column.</returns>
    private int Stack(ReadOnlySpan<double> predictions, int width, int count, Span<double> stacked, int column)
    {
        var (first, taken) = Outputs == 2 ? (1, 1) : (0, Outputs);
        for (var r = 0; r < count; r++)
        {
            for (var i = 0; i < taken; i++)
            {
                var prediction = predictions[(r * width) + first + i];
                stacked[(r * metalearner.Features) + column + i] = logit ? Logit(prediction) : prediction;
            }
        }
        return column + taken;
    }

    private static double Logit(double probability)
    {
        var p = Math.Min(1 - 1e-9, Math.Max(probability, 1e-9));
        var odds = p / (1 - p);
        return odds == 0 ? -19 : Math.Max(-19, Math.Log(odds));
    }
}
