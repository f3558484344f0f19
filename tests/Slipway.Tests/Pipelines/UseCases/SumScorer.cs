using Slipway.Core;

namespace Slipway.Tests.Pipelines.UseCases;

/// <summary>
/// A served model that anyone can check by hand: its output is the sum of its input columns, in single precision.
/// It refuses a batch with a negative input, as a model with a domain would.
/// </summary>
internal sealed class SumScorer(params string[] columns) : IScorer
{
    private readonly Lock _lock = new();
    private string[] _columns = columns;
    private int _version = columns.Length == 0 ? 0 : 1;

    public int Calls { get; private set; }

    /// <summary>Run before each call, with its number.</summary>
    public Action<int>? Before { get; set; }

    public string Output { get; init; } = "prediction";

    public RowRelation Rows { get; init; }

    /// <summary>A new version that asks for these columns; none takes the model away.</summary>
    public void Move(params string[] columns)
    {
        lock (_lock) (_columns, _version) = (columns, _version + 1);
    }

    public Signature SignatureOf(ModelReference model)
    {
        lock (_lock)
        {
            if (_columns.Length == 0) throw new NotFoundException($"no model is called '{model.Name}', and none is registered");
            return new Signature(
                [new TensorSpec("features", ElementType.Float32, [-1, _columns.Length], Columns: [.. _columns])],
                [new TensorSpec(Output, ElementType.Float32, [-1])], Rows);
        }
    }

    public ValueTask<Scored> InferAsync(ModelReference model, Batch inputs, bool allowExtra, CancellationToken cancellation)
    {
        lock (_lock)
        {
            Calls++;
            Before?.Invoke(Calls);
            using var bound = InputBinding.Bind(SignatureOf(model), inputs, allowExtra);
            var features = bound[0].Values<float>();
            var output = new Tensor(Output, ElementType.Float32, bound.Rows);
            for (var row = 0; row < output.Count; row++)
            {
                foreach (var value in features.Slice(row * _columns.Length, _columns.Length))
                {
                    if (value < 0) throw new RecordException($"{value} is negative");
                    output.Values<float>()[row] += value;
                }
            }
            return ValueTask.FromResult(new Scored(new Batch(output), model.Name, _version));
        }
    }
}
