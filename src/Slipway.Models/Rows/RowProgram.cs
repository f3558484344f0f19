using System.Collections.Immutable;
using Slipway.Models.Rows.Transformations;

namespace Slipway.Models.Rows;

/// <summary>A model compiled to run row by row on an array of cells. Immutable and thread-safe; rows live in a <see cref="RowScorer"/> or a block.</summary>
internal sealed class RowProgram
{
    private readonly double[] _template;
    private readonly ImmutableArray<(int First, int Count)> _pending;

    public RowProgram(SymbolTable symbols, ImmutableArray<InputField> inputs, ImmutableArray<RowOutput> outputs, RowModel model, double[] template)
    {
        Symbols = symbols;
        Inputs = inputs;
        Outputs = outputs;
        Model = model;
        _template = template;
        _pending = PendingRuns(template);
    }

    public SymbolTable Symbols { get; }

    public ImmutableArray<InputField> Inputs { get; }

    public ImmutableArray<RowOutput> Outputs { get; }

    public RowModel Model { get; }

    /// <summary>A row's result depends on the rows before: all are scored in the same cells, one after the other.</summary>
    public bool IsSequential => Model is SequentialModel;

    /// <summary>Cells in a row.</summary>
    public int SlotCount => _template.Length;

    /// <summary>The input whose slot this is.</summary>
    public int InputAt(int slot)
    {
        for (var i = 0; i < Inputs.Length; i++)
        {
            if (Inputs[i].Slot == slot) return i;
        }
        throw new ArgumentOutOfRangeException(nameof(slot));
    }

    /// <summary>Makes a new row's cells as the program expects them, but for the inputs.</summary>
    public void Initialize(Span<double> cells) => _template.CopyTo(cells);

    /// <summary>Makes a used row's cells ready for the next row, but for the inputs.</summary>
    public void Reset(Span<double> cells)
    {
        foreach (var (first, count) in _pending) cells.Slice(first, count).Fill(Cell.Pending);
    }

    private static ImmutableArray<(int First, int Count)> PendingRuns(double[] template)
    {
        var runs = ImmutableArray.CreateBuilder<(int, int)>();
        for (var i = 0; i < template.Length; i++)
        {
            if (!Cell.IsPending(template[i])) continue;
            var first = i;
            while (i + 1 < template.Length && Cell.IsPending(template[i + 1])) i++;
            runs.Add((first, i + 1 - first));
        }
        return runs.ToImmutable();
    }
}
