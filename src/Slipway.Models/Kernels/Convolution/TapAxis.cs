namespace Slipway.Models.Kernels;

/// <summary>
/// A <see cref="WindowAxis"/> whose padded input is divided by the stride: phase p holds every stride-th element from the p-th on, so that a tap is a phase and
/// a shift, and neighbouring outputs read neighbouring elements whatever the stride and the dilation are.
/// </summary>
internal readonly struct TapAxis
{
    private readonly WindowAxis _axis;
    private readonly int[] _phases;
    private readonly int[] _phaseOfTap;
    private readonly (int First, int End)[] _inside;

    public TapAxis(WindowAxis axis)
    {
        _axis = axis;
        Length = checked(axis.Output + (axis.Dilation * (axis.Kernel - 1) / axis.Stride));
        var used = new SortedSet<int>();
        for (var tap = 0; tap < axis.Kernel; tap++) used.Add(tap * axis.Dilation % axis.Stride);
        _phases = [.. used];
        _phaseOfTap = new int[axis.Kernel];
        for (var tap = 0; tap < axis.Kernel; tap++) _phaseOfTap[tap] = Array.BinarySearch(_phases, tap * axis.Dilation % axis.Stride);
        _inside = new (int, int)[_phases.Length];
        for (var phase = 0; phase < _phases.Length; phase++)
        {
            var first = Math.Clamp(Ceiling(-(long)Position(phase, 0)), 0, Length);
            _inside[phase] = ((int)first, (int)Math.Clamp(Ceiling((long)axis.Input - Position(phase, 0)), first, Length));
        }
    }

    /// <summary>Elements of a phase: the outputs and the longest shift.</summary>
    public int Length { get; }

    /// <summary>Phases that some tap reads.</summary>
    public int Phases => _phases.Length;

    /// <summary>From an element of a phase to the next, in the input.</summary>
    public int Stride => _axis.Stride;

    /// <summary>The one phase is the input itself.</summary>
    public bool IsInput => _axis.Stride == 1 && _axis.PadBegin == 0 && _axis.PadEnd == 0;

    /// <summary>Which phase a tap reads.</summary>
    public int PhaseOf(int tap) => _phaseOfTap[tap];

    /// <summary>How far into the phase a tap begins.</summary>
    public int ShiftOf(int tap) => tap * _axis.Dilation / _axis.Stride;

    /// <summary>Where in the input an element of a phase is; outside it, padding.</summary>
    public int Position(int phase, int element) => (element * _axis.Stride) + _phases[phase] - _axis.PadBegin;

    /// <summary>The elements of a phase that are in the input: from the first to before the end.</summary>
    public (int First, int End) Inside(int phase) => _inside[phase];

    private long Ceiling(long distance) => distance <= 0 ? 0 : (distance + _axis.Stride - 1) / _axis.Stride;
}
