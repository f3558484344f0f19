namespace Slipway.Models.Kernels;

/// <summary>Goes over the elements under one window after another; taps outside the input are passed over at once.</summary>
internal ref struct WindowWalk(SpatialWindow window)
{
    private readonly WindowCounts _depth = new(window.Depth, false);
    private readonly WindowCounts _height = new(window.Height, false);
    private readonly WindowCounts _width = new(window.Width, false);
    private int _z, _y, _x;
    private (int First, int End) _depthTaps, _heightTaps, _widthTaps;
    private int _depthTap, _heightTap, _widthTap;

    /// <summary>Of the element at hand, in its plane.</summary>
    public int Position { get; private set; }

    /// <summary>Goes to the first element under an output's window; false when there is none.</summary>
    public bool Begin(int output)
    {
        (var line, _x) = Math.DivRem(output, window.Width.Output);
        (_z, _y) = Math.DivRem(line, window.Height.Output);
        (_depthTaps, _heightTaps, _widthTaps) = (_depth.Inside(_z), _height.Inside(_y), _width.Inside(_x));
        (_depthTap, _heightTap, _widthTap) = (_depthTaps.First, _heightTaps.First, _widthTaps.First);
        if (_depthTap == _depthTaps.End || _heightTap == _heightTaps.End || _widthTap == _widthTaps.End) return false;
        Locate();
        return true;
    }

    /// <summary>Goes to the next element; false after the last.</summary>
    public bool Next()
    {
        if (++_widthTap == _widthTaps.End)
        {
            _widthTap = _widthTaps.First;
            if (++_heightTap == _heightTaps.End)
            {
                _heightTap = _heightTaps.First;
                if (++_depthTap == _depthTaps.End) return false;
            }
        }
        Locate();
        return true;
    }

    private void Locate() =>
        Position = (((_depth.Position(_z, _depthTap) * window.Height.Input) + _height.Position(_y, _heightTap)) * window.Width.Input) + _width.Position(_x, _widthTap);
}
