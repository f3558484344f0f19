using Slipway.Core;

namespace Slipway.Models.Kernels;

/// <summary>One spatial axis of a window that moves over an input: of a convolution or a pooling.</summary>
/// <param name="Input">Elements of the input along the axis.</param>
/// <param name="Kernel">Taps of the window.</param>
/// <param name="Stride">Elements of the padded input from one output to the next.</param>
/// <param name="Dilation">Elements of the padded input from one tap to the next.</param>
/// <param name="PadBegin">Zeros before the first element.</param>
/// <param name="PadEnd">Zeros after the last element.</param>
/// <param name="Ceiling">Of a pooling: a last window may go beyond the padding, if it begins before it.</param>
internal readonly record struct WindowAxis(int Input, int Kernel, int Stride = 1, int Dilation = 1, int PadBegin = 0, int PadEnd = 0, bool Ceiling = false)
{
    /// <summary>An axis that is not there: one element, one tap.</summary>
    public static readonly WindowAxis Absent = new(1, 1);

    /// <summary>Elements from the first tap to the last, both counted.</summary>
    public int Extent => checked(Dilation * (Kernel - 1) + 1);

    /// <summary>Outputs along the axis: <c>floor((input + pads − extent) / stride) + 1</c>; or the ceiling, less a window that would begin in the padding after the input.</summary>
    public int Output
    {
        get
        {
            var last = Ceiling ? (Room + Stride - 1) / Stride : Room / Stride;
            if (Ceiling && last * Stride >= (long)Input + PadBegin) last--;
            return checked((int)(last + 1));
        }
    }

    /// <summary>The outputs for which a tap is in the input, not in the padding: from the first to before the end.</summary>
    public (int First, int End) Inside(int tap)
    {
        var place = ((long)tap * Dilation) - PadBegin;
        var first = Math.Clamp(Outputs(-place), 0, Output);
        return ((int)first, (int)Math.Clamp(Outputs(Input - place), first, Output));
    }

    /// <summary>How far the window can move.</summary>
    private long Room => (long)Input + PadBegin + PadEnd - Extent;

    /// <summary>The axis itself, when a window fits it.</summary>
    /// <exception cref="ModelException">A number is out of range, or the window is longer than the padded input.</exception>
    public WindowAxis Checked(string name)
    {
        Require(name, "input", Input, 1);
        Require(name, "kernel", Kernel, 1);
        Require(name, "stride", Stride, 1);
        Require(name, "dilation", Dilation, 1);
        Require(name, "pad before", PadBegin, 0);
        Require(name, "pad after", PadEnd, 0);
        var extent = (long)Dilation * (Kernel - 1) + 1;
        var padded = (long)Input + PadBegin + PadEnd;
        if (padded > int.MaxValue) throw new ModelException($"{name}: {Input} elements with {PadBegin} and {PadEnd} of padding are more than {int.MaxValue}");
        if (extent > padded)
        {
            throw new ModelException($"{name}: a window of {Kernel} taps, dilated by {Dilation}, spans {extent} elements; the input has {Input}, with padding {padded}. Give a longer input, or pad it");
        }
        return this;
    }

    /// <summary>Outputs until the window has moved so far.</summary>
    private long Outputs(long distance) => distance <= 0 ? 0 : (distance + Stride - 1) / Stride;

    private static void Require(string name, string part, int value, int least)
    {
        if (value < least) throw new ModelException($"{name}: {part} is {value}; it has to be at least {least}");
    }
}
