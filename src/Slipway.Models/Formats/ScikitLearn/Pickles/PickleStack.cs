using System.Runtime.InteropServices;
using Slipway.Core;

namespace Slipway.Models.Formats.ScikitLearn;

/// <summary>The values that a <see cref="PickleMachine"/> works on, and the marks that are set among them: what is below the last mark is out of reach.</summary>
/// <param name="cursor">Behind the opcode that is at work, for messages.</param>
internal sealed class PickleStack(PickleCursor cursor)
{
    private readonly List<Datum> _values = [];
    private readonly List<int> _marks = [];

    /// <exception cref="ModelException">There is none.</exception>
    public Datum Top
    {
        get => _values.Count > Floor ? _values[^1] : throw Underflow();
        set => _values[^1] = value;
    }

    private int Floor => _marks.Count > 0 ? _marks[^1] : 0;

    public void Push(Datum value) => _values.Add(value);

    public void Mark() => _marks.Add(_values.Count);

    /// <exception cref="ModelException">There is none.</exception>
    public Datum Pop()
    {
        var top = Top;
        _values.RemoveAt(_values.Count - 1);
        return top;
    }

    /// <exception cref="ModelException">There are fewer.</exception>
    public List<Datum> Pop(int count)
    {
        if (_values.Count - Floor < count) throw Underflow();
        return PopFrom(_values.Count - count);
    }

    /// <summary>Takes the last value away, or the mark itself when nothing is above it.</summary>
    /// <exception cref="ModelException">There is neither.</exception>
    public void Discard()
    {
        if (_marks.Count > 0 && _marks[^1] == _values.Count) _marks.RemoveAt(_marks.Count - 1);
        else Pop();
    }

    /// <summary>The values above the last mark, which is gone then.</summary>
    /// <exception cref="ModelException">There is no mark.</exception>
    public List<Datum> PopMark()
    {
        if (_marks.Count == 0) throw new ModelException($"byte {cursor.Position - 1}: no mark was set");
        var start = _marks[^1];
        _marks.RemoveAt(_marks.Count - 1);
        return PopFrom(start);
    }

    private List<Datum> PopFrom(int start)
    {
        var items = new List<Datum>(_values.Count - start);
        items.AddRange(CollectionsMarshal.AsSpan(_values)[start..]);
        _values.RemoveRange(start, items.Count);
        return items;
    }

    private ModelException Underflow() => new($"byte {cursor.Position - 1}: there is no value to work on");
}
