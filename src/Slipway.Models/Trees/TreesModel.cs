using System.Buffers;
using System.Numerics;
using Slipway.Core;
using Slipway.Models.Trees.Explanations;
using Slipway.Models.Trees.Features;
using Slipway.Models.Trees.Kernels;

namespace Slipway.Models.Trees;

/// <summary>Compiles definitions.</summary>
internal static class TreesModel
{
    /// <exception cref="ModelException">The definition cannot answer what the options ask for.</exception>
    public static IModel Compile(TreeModelDefinition definition, RuntimeOptions options, KernelKind kernel = KernelKind.Automatic) =>
        definition.IsFloat32 ? Compile<float>(Cut(definition, options.Rounds), options, kernel) : Compile<double>(Cut(definition, options.Rounds), options, kernel);

    private static TreeModelDefinition Cut(TreeModelDefinition definition, int rounds)
    {
        if (rounds == 0) return definition;
        if (definition.Trees is not { } trees) throw new ModelException($"{rounds} rounds are asked for, but the model has no trees");
        var available = trees.TreeCount / definition.TreesPerRound;
        if (rounds < 0 || rounds > available) throw new ModelException($"{rounds} rounds are asked for, but the model has {available}");
        return definition with { Trees = trees.First(rounds * definition.TreesPerRound), Function = definition.Function?.ForRounds(rounds) };
    }

    private static TreesModel<T> Compile<T>(TreeModelDefinition definition, RuntimeOptions options, KernelKind kernel)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var answer = options.Output switch
        {
            OutputKind.Margin => PredictionAnswer<T>.Margins(definition, kernel),
            OutputKind.Leaf => new LeafAnswer<T>(definition, kernel),
            OutputKind.Contributions when definition.Linear is { } linear => (TreeAnswer<T>)(object)new LinearContributionAnswer(linear, definition),
            OutputKind.Contributions => ContributionAnswer<T>.Of(definition),
            _ => PredictionAnswer<T>.Predictions(definition, kernel),
        };
        return new TreesModel<T>(options.Output == OutputKind.Prediction ? definition : definition with { Labels = null, Writer = null }, answer, options.Threads);
    }
}

/// <summary>What a model answers to blocks of rows. Thread-safe.</summary>
internal abstract class TreeAnswer<T>(TensorSpec spec)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>One value a row, or a matrix.</summary>
    public TensorSpec Spec { get; } = spec;

    /// <param name="rows">Row-major features; NaN is missing.</param>
    /// <param name="count">Rows.</param>
    /// <param name="output">Of all rows that are scored.</param>
    /// <param name="first">The first of these rows in <paramref name="output"/>.</param>
    public abstract void Write(ReadOnlySpan<T> rows, int count, Tensor output, int first);
}

/// <summary>A compiled tree (or linear) model: rows in, predictions out.</summary>
/// <typeparam name="T">What features and sums are computed in.</typeparam>
internal sealed class TreesModel<T> : IModel
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Rows that one thread scores at a time when several work.</summary>
    private const int RowsPerChunk = 4096;

    /// <summary>Features that are encoded at a time.</summary>
    private const int FeaturesPerBlock = 65536;

    private readonly FeatureEncoder _encoder;
    private readonly bool _takesMatrix;
    private readonly TreeAnswer<T> _answer;
    private readonly ClassLabels? _labels;
    private readonly OutputWriter? _writer;
    private readonly int _threads;
    private volatile bool _disposed;

    /// <param name="definition">Its labels and its writer are for predictions only.</param>
    /// <param name="threads">0: as many as there are processors.</param>
    public TreesModel(TreeModelDefinition definition, TreeAnswer<T> answer, int threads)
    {
        var inputs = definition.Signature.Inputs;
        _takesMatrix = definition.Encoder is null && inputs[0].Type == ElementTypes.Of<T>();
        _encoder = definition.Encoder ?? new MatrixEncoder((int)inputs[0].Shape[1]);
        _answer = answer;
        _labels = definition.Labels;
        _writer = definition.Writer;
        _threads = threads == 0 ? Environment.ProcessorCount : threads;
        Signature = _writer is not null ? definition.Signature : new Signature(inputs, _labels is null ? [answer.Spec] : [definition.Signature.Outputs[0], answer.Spec]);
    }

    public Signature Signature { get; }

    public Batch Run(Batch inputs)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        using var completed = inputs.Count < Signature.Inputs.Length ? AbsentColumns.Complete(Signature, inputs) : null;
        inputs = completed ?? inputs;
        InputBinding.Require(Signature, inputs);
        var rows = inputs[0].Rows;
        for (var i = 1; i < inputs.Count; i++)
        {
            if (inputs[i].Rows != rows) throw new RecordException($"input '{inputs[i].Name}' has {inputs[i].Rows} rows, '{inputs[0].Name}' {rows}");
        }
        var spec = _answer.Spec;
        var answer = spec.Shape.Length == 1 ? Tensor.Uninitialized(spec.Name, spec.Type, rows) : Tensor.Uninitialized(spec.Name, spec.Type, rows, spec.Shape[1]);
        if (_writer is not null) return Write(inputs, answer);
        Tensor? labels = null;
        try
        {
            Score(inputs, answer);
            if (_labels is null) return new Batch(answer);
            var label = Signature.Outputs[0];
            labels = label.Shape.Length == 1 ? new Tensor(label.Name, ElementType.Bytes, rows) : new Tensor(label.Name, ElementType.Bytes, rows, label.Shape[1]);
            _labels.Write(answer, labels);
            return new Batch(labels, answer);
        }
        catch
        {
            answer.Dispose();
            labels?.Dispose();
            throw;
        }
    }

    public void Dispose() => _disposed = true;

    private Batch Write(Batch inputs, Tensor answer)
    {
        var outputs = new Batch();
        try
        {
            using (answer)
            {
                Score(inputs, answer);
                _writer!.Write(answer, outputs);
            }
            return outputs;
        }
        catch
        {
            outputs.Dispose();
            throw;
        }
    }

    private void Score(Batch inputs, Tensor answer)
    {
        if (_threads == 1 || answer.Rows <= RowsPerChunk)
        {
            Score(inputs, answer, 0, answer.Rows);
            return;
        }
        ScoreInParallel(inputs, answer);
    }

    private void ScoreInParallel(Batch inputs, Tensor answer)
    {
        var chunks = (answer.Rows + RowsPerChunk - 1) / RowsPerChunk;
        try
        {
            Parallel.For(0, chunks, new ParallelOptions { MaxDegreeOfParallelism = _threads }, chunk =>
            {
                var from = chunk * RowsPerChunk;
                Score(inputs, answer, from, Math.Min(RowsPerChunk, answer.Rows - from));
            });
        }
        catch (AggregateException e) when (e.InnerExceptions.OfType<RecordException>().MinBy(r => r.Row) is { } refused)
        {
            // An encoder refused a row: that is what a caller expects to catch, however many threads there were.
            throw new RecordException(refused.Row ?? 0, refused.Reason, e);
        }
    }

    private void Score(Batch inputs, Tensor answer, int from, int count)
    {
        var features = _encoder.Features;
        if (_takesMatrix && !inputs[0].HasMissing)
        {
            _answer.Write(inputs[0].Values<T>().Slice(from * features, count * features), count, answer, from);
            return;
        }
        var block = Math.Max(1, Math.Min(count, FeaturesPerBlock / features));
        var buffer = ArrayPool<T>.Shared.Rent(block * features);
        for (var done = 0; done < count; done += block)
        {
            var rows = Math.Min(block, count - done);
            var encoded = buffer.AsSpan(0, rows * features);
            _encoder.Encode(inputs, from + done, encoded);
            _answer.Write(encoded, rows, answer, from + done);
        }
        ArrayPool<T>.Shared.Return(buffer);
    }
}
