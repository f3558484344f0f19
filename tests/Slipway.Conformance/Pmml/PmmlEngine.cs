using Slipway.Core;
using Slipway.Models.Formats.Pmml;
using Slipway.Models.Rows;

namespace Slipway.Conformance.Pmml;

/// <summary>Slipway's PMML engine, as the suites ask it.</summary>
internal static class PmmlEngine
{
    /// <inheritdoc cref="ModelOpener"/>
    public static ITableScorer Open(string path)
    {
        var model = PmmlRuntime.Open(TextTable.OpenRead(path));
        return model.Signature.AnswersByRow ? new RowTableScorer(new PmmlScorer(model)) : new BatchTableScorer(model);
    }
}

/// <summary>Scores a table as one batch: for models whose answers are not one a row.</summary>
internal sealed class BatchTableScorer(IModel model) : ITableScorer
{
    public IReadOnlyList<string> Outputs { get; } = [.. model.Signature.Outputs.Select(o => o.Name)];

    public IEnumerable<Answer> Score(TextTable input)
    {
        using var batch = new Batch();
        foreach (var field in model.Signature.Inputs)
        {
            var column = input.IndexOf(field.Name);
            if (column >= 0) batch.Add(Tensor.OfText(field.Name, [.. input.Rows.Select(row => row[column])]));
            else if (!field.Optional) batch.Add(Tensor.OfText(field.Name, new string?[input.Rows.Count]));
        }
        using var answers = model.Run(batch);
        for (var row = 0; row < answers.Rows; row++) yield return Answer.Of([.. answers.Select(column => Value(column, row))]);
    }

    public void Dispose() => model.Dispose();

    private static object? Value(Tensor column, int row)
    {
        if (column.IsMissing(row)) return null;
        return column.Type switch
        {
            ElementType.Bytes => column.GetText(row),
            ElementType.Int64 => column.Values<long>()[row],
            ElementType.Float32 => column.Values<float>()[row],
            ElementType.Bool => column.Values<bool>()[row],
            _ => column.Values<double>()[row],
        };
    }
}

/// <summary>Scores row by row with the engine's <see cref="RowScorer"/>.</summary>
internal sealed class PmmlScorer : IPmmlScorer
{
    // Texts that the model does not name are kept until then.
    private const int RowsBetweenClears = 1000;

    private readonly RowProgramModel _model;
    private readonly RowScorer _scorer;
    private readonly object?[] _outputs;
    private int _rows;

    public PmmlScorer(RowProgramModel model)
    {
        _model = model;
        _scorer = model.CreateScorer();
        Inputs = [.. Enumerable.Range(0, _scorer.InputCount).Select(_scorer.InputName)];
        Outputs = [.. Enumerable.Range(0, _scorer.OutputCount).Select(_scorer.OutputName)];
        _outputs = new object?[Outputs.Count];
    }

    public IReadOnlyList<string> Inputs { get; }

    public IReadOnlyList<string> Outputs { get; }

    public bool TryScore(ReadOnlySpan<string?> values, out string? error)
    {
        if (++_rows % RowsBetweenClears == 0) _scorer.Clear();
        try
        {
            for (var i = 0; i < values.Length; i++)
            {
                if (values[i] is { } text) _scorer.Set(i, text);
                else _scorer.SetMissing(i);
            }
            _scorer.Score();
            // An output may be the first to need an input, and refuse the record for it.
            for (var i = 0; i < _outputs.Length; i++) _outputs[i] = Read(i);
            error = null;
            return true;
        }
        catch (RecordException e)
        {
            error = e.Message;
            return false;
        }
    }

    public object? Output(int i) => _outputs[i];

    public void Dispose() => _model.Dispose();

    private object? Read(int i)
    {
        var type = _scorer.OutputType(i);
        if (!type.IsNumeric && type != CellType.Boolean) return _scorer.Text(i);
        if (!_scorer.TryGetNumber(i, out var number)) return null;
        return type switch
        {
            CellType.Integer => (long)number,
            CellType.Float32 => (float)number,
            CellType.Boolean => number != 0,
            _ => number,
        };
    }
}
