using Microsoft.Playwright;

namespace Slipway.EndToEnd.Dashboard;

/// <summary>A real Chromium for the tests of a class. Without one on the machine they are skipped.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private const string Program = "/usr/bin/chromium";

    /// <summary>Milliseconds, far beyond what anything here takes on a busy machine.</summary>
    private const float Patience = 60_000;

    private static readonly string[] Arguments =
        ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public static bool IsInstalled => File.Exists(Program);

    public async ValueTask InitializeAsync()
    {
        if (!IsInstalled) return;
        Assertions.SetDefaultExpectTimeout(Patience);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Program, Headless = true, Args = Arguments });
    }

    /// <summary>Opens a page of the dashboard in a profile of its own and waits until it shows something.</summary>
    /// <param name="path">What follows <c>#/</c>.</param>
    internal async Task<DashboardPage> OpenAsync(Server server, string path = "", ColorScheme scheme = ColorScheme.Light, int width = 1280, int height = 900)
    {
        if (_browser is null) Assert.Skip($"{Program} is absent; install it with: apt-get install chromium");
        var context = await _browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = height }, ColorScheme = scheme });
        context.SetDefaultTimeout(Patience);
        var page = new DashboardPage(context, await context.NewPageAsync(), server);
        await page.GoAsync(path);
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}
