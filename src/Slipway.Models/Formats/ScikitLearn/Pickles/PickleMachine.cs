using Slipway.Core;

namespace Slipway.Models.Formats.ScikitLearn;

/// <summary>
/// Python's pickle machine (protocols 0 to 5) without its dangerous half: opcodes build <see cref="Datum"/>s, and nothing is imported, called or executed.
/// Work and memory grow with the file at most in proportion: no opcode copies what it refers to.
/// </summary>
internal sealed class PickleMachine
{
    private const int HighestProtocol = 5;

    /// <summary>Of one file with all its inner pickles.</summary>
    private const int MaxValues = 4 << 20;

    /// <summary>joblib writes arrays of objects as a pickle inside of the pickle.</summary>
    private const int MaxInnerPickles = 16;

    private readonly PickleCursor _cursor;
    private readonly Counter _values;
    private readonly int _depth;
    private readonly PickleStack _stack;
    private readonly Dictionary<long, Datum> _memo = [];

    private PickleMachine(PickleCursor cursor, Counter values, int depth)
    {
        if (depth > MaxInnerPickles) throw new ModelException($"byte {cursor.Position}: pickles are nested more than {MaxInnerPickles} deep");
        (_cursor, _values, _depth, _stack) = (cursor, values, depth, new PickleStack(cursor));
    }

    /// <summary>The highest protocol that the file names; 0 when it names none.</summary>
    public int Protocol { get; private set; }

    /// <param name="file">What follows its end is left alone.</param>
    /// <exception cref="ModelException">The file is damaged, or names a function that has no place in a model.</exception>
    public static (Datum Root, int Protocol) Read(ReadOnlyMemory<byte> file)
    {
        var machine = new PickleMachine(new PickleCursor(file), new Counter(), 0);
        return (machine.Run(), machine.Protocol);
    }

    private Datum Run()
    {
        while (true)
        {
            var at = _cursor.Position;
            var opcode = _cursor.Byte();
            if (opcode == '.') return _stack.Pop();
            if (!Literal(opcode) && !Structure(opcode) && !Reference(opcode)) throw new ModelException($"byte {at}: 0x{opcode:X2} is no opcode of a pickle");
        }
    }

    /// <summary>Opcodes that push a value which stands in the file.</summary>
    private bool Literal(byte opcode)
    {
        switch (opcode)
        {
            case (byte)'N': Push(NoneDatum.Value); return true;
            case 0x88: Push(BooleanDatum.True); return true;
            case 0x89: Push(BooleanDatum.False); return true;
            case (byte)'I': PushLineInteger(); return true;
            case (byte)'L': PushLineLong(); return true;
            case (byte)'J': Push(IntegerDatum.Of(_cursor.Int32())); return true;
            case (byte)'K': Push(IntegerDatum.Of(_cursor.Byte())); return true;
            case (byte)'M': Push(IntegerDatum.Of(_cursor.UInt16())); return true;
            case 0x8A: PushLong(_cursor.Byte()); return true;
            case 0x8B: PushLong(_cursor.UInt32()); return true;
            case (byte)'F': Push(new RealDatum(_cursor.LineNumber())); return true;
            case (byte)'G': Push(new RealDatum(_cursor.DoubleBigEndian())); return true;
            case (byte)'S': PushLiteral(); return true;
            case (byte)'T': Push(new TextDatum(_cursor.Bytes(_cursor.UInt32()), TextEncoding.Bytes)); return true;
            case (byte)'U': Push(new TextDatum(_cursor.Bytes(_cursor.Byte()), TextEncoding.Bytes)); return true;
            case (byte)'V': PushUnicode(); return true;
            case (byte)'X': PushText(_cursor.UInt32()); return true;
            case 0x8C: PushText(_cursor.Byte()); return true;
            case 0x8D: PushText(_cursor.UInt64()); return true;
            case (byte)'B': Push(new BytesDatum(_cursor.Bytes(_cursor.UInt32()))); return true;
            case (byte)'C': Push(new BytesDatum(_cursor.Bytes(_cursor.Byte()))); return true;
            case 0x8E or 0x96: Push(new BytesDatum(_cursor.Bytes(_cursor.UInt64()))); return true;
            default: return false;
        }
    }

    /// <summary>Opcodes that make containers and objects of what is on the stack.</summary>
    private bool Structure(byte opcode)
    {
        switch (opcode)
        {
            case (byte)'(': _stack.Mark(); return true;
            case (byte)'0': _stack.Discard(); return true;
            case (byte)'1': _stack.PopMark(); return true;
            case (byte)'2': _stack.Push(_stack.Top); return true;
            case (byte)')' or (byte)']' or 0x8F: Push(new ListDatum([])); return true;
            case (byte)'}': Push(new MapDatum()); return true;
            case (byte)'t' or (byte)'l' or 0x91: Push(new ListDatum(_stack.PopMark())); return true;
            case 0x85 or 0x86 or 0x87: Push(new ListDatum(_stack.Pop(opcode - 0x84))); return true;
            case (byte)'d': Push(SetItems(new MapDatum(), _stack.PopMark())); return true;
            case (byte)'a': Append(_stack.Pop()); return true;
            case (byte)'e' or 0x90: Append(_stack.PopMark()); return true;
            case (byte)'s': SetItem(_stack.Pop(), _stack.Pop()); return true;
            case (byte)'u': SetItems(_stack.PopMark()); return true;
            case (byte)'R' or 0x81: Call(_stack.Pop(2)); return true;
            case 0x92: CallWithNames(_stack.Pop(3)); return true;
            case (byte)'o': CallMarked(_stack.PopMark()); return true;
            case (byte)'i': CallNamed(); return true;
            case (byte)'b': Build(); return true;
            default: return false;
        }
    }

    /// <summary>Opcodes for the memo, names, and the stream itself.</summary>
    private bool Reference(byte opcode)
    {
        switch (opcode)
        {
            case (byte)'p': Store(_cursor.LineInteger()); return true;
            case (byte)'q': Store(_cursor.Byte()); return true;
            case (byte)'r': Store(_cursor.UInt32()); return true;
            case 0x94: Store(_memo.Count); return true;
            case (byte)'g': Recall(_cursor.LineInteger()); return true;
            case (byte)'h': Recall(_cursor.Byte()); return true;
            case (byte)'j': Recall(_cursor.UInt32()); return true;
            case (byte)'c': PushGlobal(_cursor.Name(), _cursor.Name()); return true;
            case 0x93: PushGlobal(_stack.Pop(2)); return true;
            case (byte)'P': Push(new OpaqueDatum($"the persistent id '{_cursor.Name()}'")); return true;
            case (byte)'Q': _stack.Pop(); Push(new OpaqueDatum("a persistent id")); return true;
            case 0x82: Push(new OpaqueDatum($"extension code {_cursor.Byte()}")); return true;
            case 0x83: Push(new OpaqueDatum($"extension code {_cursor.UInt16()}")); return true;
            case 0x84: Push(new OpaqueDatum($"extension code {_cursor.Int32()}")); return true;
            case 0x97: Push(new OpaqueDatum("a buffer outside of the file")); return true;
            case 0x98: return true;
            case 0x80: Announce(_cursor.Byte()); return true;
            case 0x95: _cursor.UInt64(); return true;
            default: return false;
        }
    }

    private void Announce(byte protocol)
    {
        if (protocol > HighestProtocol) throw new ModelException($"byte {_cursor.Position - 1}: pickle protocol {protocol}; those up to {HighestProtocol} are known");
        Protocol = Math.Max(Protocol, protocol);
    }

    private void PushLineInteger()
    {
        var start = _cursor.Position;
        var value = _cursor.LineInteger();
        // Protocol 0 has no booleans: it writes them with two digits.
        Push(_cursor.Position - start != 3 || value is < 0 or > 1 ? IntegerDatum.Of(value) : value == 1 ? BooleanDatum.True : BooleanDatum.False);
    }

    private void PushLineLong()
    {
        var line = _cursor.Line().Span;
        if (line is [.., (byte)'L']) line = line[..^1];
        Push(long.TryParse(line, System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out var value) ? IntegerDatum.Of(value) : new OpaqueDatum("a large integer"));
    }

    private void PushLong(uint length)
    {
        var bytes = _cursor.Bytes(length).Span;
        if (bytes.Length > sizeof(long))
        {
            Push(new OpaqueDatum("a large integer"));
            return;
        }
        var value = bytes is [.., >= 0x80] ? -1L : 0L;
        for (var i = bytes.Length - 1; i >= 0; i--) value = (value << 8) | bytes[i];
        Push(IntegerDatum.Of(value));
    }

    private void PushText(ulong length) => Push(new TextDatum(_cursor.Bytes(length), TextEncoding.Utf8));

    private void PushUnicode()
    {
        var line = _cursor.Line();
        Push(new TextDatum(line, line.Span.IndexOfAnyInRange((byte)0x80, (byte)0xFF) < 0 && line.Span.IndexOf((byte)'\\') < 0 ? TextEncoding.Utf8 : TextEncoding.RawUnicodeEscape));
    }

    private void PushLiteral()
    {
        var start = _cursor.Position;
        var line = _cursor.Line().Span.Trim((byte)' ');
        if (line.Length < 2 || line[0] is not ((byte)'\'' or (byte)'"') || line[^1] != line[0]) throw new ModelException($"byte {start}: a text in quotes expected");
        Push(new TextDatum(PickleText.DecodeLiteral(line[1..^1]), TextEncoding.Bytes));
    }

    private void PushGlobal(List<Datum> names)
    {
        if (names is not [TextDatum module, TextDatum name]) throw new ModelException($"byte {_cursor.Position - 1}: the name of a class expected, {names[0].Kind} and {names[1].Kind} found");
        PushGlobal(module.Value, name.Value);
    }

    private void PushGlobal(string module, string name)
    {
        Check(module, name);
        Push(new GlobalDatum(module, name));
    }

    private void Check(string module, string name)
    {
        if (ForbiddenNames.Includes(module, name)) throw new ModelException($"byte {_cursor.Position - 1}: the file names {module}.{name}, which would run when Python loads it and has no place in a model: nothing of it was run, and the file is refused");
    }

    private void Call(List<Datum> callAndArguments) => Push(new ObjectDatum(callAndArguments[0], callAndArguments[1]));

    private void CallWithNames(List<Datum> call) => Push(new ObjectDatum(call[0], call[1]));

    private void CallMarked(List<Datum> items)
    {
        if (items.Count == 0) throw new ModelException($"byte {_cursor.Position - 1}: an object without a class");
        Push(new ObjectDatum(items[0], new ListDatum(items[1..])));
    }

    private void CallNamed()
    {
        var (module, name) = (_cursor.Name(), _cursor.Name());
        Check(module, name);
        Push(new ObjectDatum(new GlobalDatum(module, name), new ListDatum(_stack.PopMark())));
    }

    private void Build()
    {
        var state = _stack.Pop();
        if (_stack.Top is not ObjectDatum target) throw new ModelException($"byte {_cursor.Position - 1}: a state for {_stack.Top.Kind}, which can have none");
        target.State = state;
        if (JoblibArray.IsWrapper(target)) _stack.Top = JoblibArray.Read(target, _cursor, () => new PickleMachine(_cursor, _values, _depth + 1).Run());
    }

    private void Append(Datum item)
    {
        if (_stack.Top is ListDatum list) list.Items.Add(item);
        else Append([item]);
    }

    private void Append(List<Datum> items)
    {
        switch (_stack.Top)
        {
            case ListDatum list: list.Items.AddRange(items); break;
            case ObjectDatum target: (target.Items ??= []).AddRange(items); break;
            case var other: throw new ModelException($"byte {_cursor.Position - 1}: items for {other.Kind}, which can have none");
        }
    }

    private void SetItem(Datum value, Datum key)
    {
        if (_stack.Top is MapDatum map) map.Entries.Add(new(key, value));
        else SetItems([key, value]);
    }

    private void SetItems(List<Datum> keysAndValues)
    {
        switch (_stack.Top)
        {
            case MapDatum map: SetItems(map, keysAndValues); break;
            // Ordered and default dictionaries: nothing that is read looks into them.
            case ObjectDatum: break;
            case var other: throw new ModelException($"byte {_cursor.Position - 1}: entries for {other.Kind}, which can have none");
        }
    }

    private MapDatum SetItems(MapDatum map, List<Datum> keysAndValues)
    {
        if (keysAndValues.Count % 2 != 0) throw new ModelException($"byte {_cursor.Position - 1}: a key without a value");
        for (var i = 0; i < keysAndValues.Count; i += 2) map.Entries.Add(new(keysAndValues[i], keysAndValues[i + 1]));
        return map;
    }

    private void Push(Datum value)
    {
        if (++_values.Count > MaxValues) throw new ModelException($"byte {_cursor.Position}: more than {MaxValues} values");
        _stack.Push(value);
    }

    private void Store(long key)
    {
        if (_memo.Count >= MaxValues) throw new ModelException($"byte {_cursor.Position}: more than {MaxValues} values are stored");
        _memo[key] = _stack.Top;
    }

    private void Recall(long key) =>
        _stack.Push(_memo.TryGetValue(key, out var value) ? value : throw new ModelException($"byte {_cursor.Position}: nothing was stored as {key}"));

    private sealed class Counter
    {
        public int Count { get; set; }
    }
}
