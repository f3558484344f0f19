using Slipway.Core;

namespace Slipway.Pipelines.UseCases;

/// <summary>Rows that were scored, in the order given, and the faults of those that were not. Dispose it before the rows it was made from.</summary>
internal sealed class Answer : IDisposable
{
    private readonly Preparation _prepared;
    private readonly Batch? _taken;

    /// <param name="prepared">Owned by the answer from here on.</param>
    /// <param name="outputs">Owned by the answer from here on.</param>
    public Answer(BoundUseCase useCase, Batch given, Preparation prepared, Batch outputs, List<RowFault> faults, ScoredPart? scored)
    {
        _prepared = prepared;
        Outputs = outputs;
        Faults = faults;
        Model = scored?.Model ?? useCase.Spec.Model.Name;
        Version = scored?.Version ?? 0;
        if (prepared.Origins.Length < given.Rows) _taken = given.Take(prepared.Origins);
        var source = _taken ?? given;
        foreach (var column in useCase.Acted.Columns)
        {
            if (!outputs.TryGet(column.Name, out var tensor) && !prepared.Rows.TryGet(column.Name, out tensor)) tensor = source[column.Name];
            Acted.Add(tensor);
        }
    }

    /// <summary>What the model saw.</summary>
    public Batch Prepared => _prepared.Rows;

    /// <summary>The model's outputs as columns.</summary>
    public Batch Outputs { get; private set; }

    /// <summary>What conditions and actions see: the tensors of source, preparation and outputs, which stay theirs.</summary>
    public Batch Acted { get; } = new();

    /// <summary>For each row its number in the batch given.</summary>
    public int[] Origins => _prepared.Origins;

    public List<RowFault> Faults { get; }

    public string Model { get; }

    public int Version { get; }

    /// <summary>Hands the outputs over: the caller disposes them, later than this.</summary>
    public Batch TakeOutputs()
    {
        var outputs = Outputs;
        Outputs = new Batch();
        return outputs;
    }

    public void Dispose()
    {
        _prepared.Dispose();
        Outputs.Dispose();
        _taken?.Dispose();
    }
}
