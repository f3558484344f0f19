using System.Collections.Immutable;
using Slipway.Models.Rows.Tables;
using Slipway.Models.Rows.Transformations;

namespace Slipway.Models.Rows;

/// <summary>Lays out the slots of a row program while it is bound.</summary>
internal sealed class ProgramBuilder
{
    /// <summary>A row of more cells than this is refused: 512 MiB.</summary>
    private const int MaxSlots = 1 << 26;

    private readonly List<InputField> _inputs = [];
    private readonly List<double> _template = [];
    private readonly List<RowHistory> _histories = [];
    private readonly List<RecordAggregate> _aggregates = [];
    private bool _inOrder;

    public SymbolTable Symbols { get; } = new();

    public IReadOnlyList<InputField> Inputs => _inputs;

    /// <summary>A slot that a part of the program writes before another reads it.</summary>
    public int Slot() => Slots(1);

    /// <summary><paramref name="count"/> neighbouring slots.</summary>
    /// <returns>The first.</returns>
    public int Slots(int count) => Add(count, Cell.Missing);

    /// <summary>A slot that is pending at the start of every row.</summary>
    public int PendingSlot() => Add(1, Cell.Pending);

    /// <summary>A field of the data: its slot is filled before the program runs.</summary>
    public InputField AddInput(FieldTreatment treatment, bool optional)
    {
        var input = new InputField(treatment.Compile(), Slot(), optional);
        _inputs.Add(input);
        return input;
    }

    /// <summary>The cell of a text constant in a field of a type; <see cref="Cell.Invalid"/> when it is not of the type.</summary>
    public double Parse(string text, CellFormat format) => format.Type == CellType.Text ? Symbols.Intern(text) : format.Parse(text);

    /// <summary>The program's rows come in an order, and the history advances with each.</summary>
    public void Remember(RowHistory history) => _histories.Add(history);

    /// <summary>The program's rows come in an order: a slot keeps what the row before left in it; it is missing in the first.</summary>
    public void KeepOrder() => _inOrder = true;

    /// <summary>The program reads a value of all the records that it is given, which is computed before any is scored.</summary>
    public void Add(RecordAggregate aggregate) => _aggregates.Add(aggregate);

    public RowProgram Build(ImmutableArray<RowOutput> outputs, RowModel model)
    {
        if (_aggregates.Count > 0) model = Aggregating(model);
        else if (_histories.Count > 0 || _inOrder) model = new SequentialModel(model, [.. _histories]);
        return new RowProgram(Symbols, [.. _inputs], outputs, model, [.. _template]);
    }

    private AggregatingModel Aggregating(RowModel model)
    {
        if (model is TableModel && _histories.Count > 0) throw new Core.ModelException("a model of groups of records reads both aggregates and records before") { IsUnsupported = true };
        return new AggregatingModel(model, [.. _aggregates], [.. _histories]);
    }

    private int Add(int count, double cell)
    {
        var first = _template.Count;
        if (first + (long)count > MaxSlots) throw new Core.ModelException($"the model needs more than {MaxSlots} values a row");
        for (var i = 0; i < count; i++) _template.Add(cell);
        return first;
    }
}

/// <summary>A field that rows bring.</summary>
/// <param name="Slot">Where its treated value goes.</param>
/// <param name="Optional">A row without it is as good as one in which it is missing; nothing is refused for its absence.</param>
internal sealed record InputField(FieldTreatment Treatment, int Slot, bool Optional)
{
    public string Name => Treatment.Name;

    public CellFormat Format => Treatment.Format;

    public bool IsText { get; } = Treatment.Format.Type == CellType.Text;

    /// <summary>A double, which needs no conversion.</summary>
    public bool IsNumber { get; } = Treatment.Format.Type == CellType.Float64;
}

/// <summary>A column of the answer.</summary>
internal sealed record RowOutput(string Name, CellFormat Format, RowExpression Value);
