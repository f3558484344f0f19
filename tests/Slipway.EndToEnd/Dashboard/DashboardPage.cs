using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Slipway.EndToEnd.Dashboard;

/// <summary>A page of the dashboard under observation: whatever the browser complains about, and whatever it asks of another host, fails the test.</summary>
internal sealed class DashboardPage : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly Server _server;
    private readonly ConcurrentQueue<string> _complaints = new();

    public DashboardPage(IBrowserContext context, IPage page, Server server)
    {
        (_context, Page, _server) = (context, page, server);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") _complaints.Enqueue($"console {message.Type}: {message.Text}");
        };
        page.PageError += (_, error) => _complaints.Enqueue($"uncaught: {error}");
        page.Dialog += (_, dialog) => _complaints.Enqueue($"dialog: {dialog.Message}");
        context.Request += (_, request) =>
        {
            if (new Uri(request.Url).Authority != server.Address.Authority) _complaints.Enqueue($"request to another host: {request.Url}");
        };
    }

    public IPage Page { get; }

    public ILocator this[string selector] => Page.Locator(selector);

    /// <summary>Goes to what follows <c>#/</c> and waits for its content.</summary>
    public async Task GoAsync(string path)
    {
        await Page.GotoAsync("about:blank");
        await Page.GotoAsync($"{_server.Address}#/{path}");
        await Shown(this["#server"]).ToContainTextAsync(_server.Address.Authority);
        await Shown(this["#page > section"].First).ToBeVisibleAsync();
    }

    public Task NavigateAsync(string page) => this["#nav"].GetByRole(AriaRole.Link, new() { Name = page }).ClickAsync();

    public static ILocatorAssertions Shown(ILocator locator) => Assertions.Expect(locator);

    public static IPageAssertions Shown(IPage page) => Assertions.Expect(page);

    /// <summary>Waits until the page has taken in what the server says from now on: the second poll begins when the first is on the page.</summary>
    public async Task PollAsync()
    {
        for (var i = 0; i < 2; i++) await Page.WaitForResponseAsync(response => response.Url.EndsWith("/api/overview", StringComparison.Ordinal));
    }

    /// <summary>What the browser says of itself is complaints, except for those a test brings about.</summary>
    public void AssertClean(string? except = null) =>
        Assert.True(_complaints.All(c => except is not null && c.Contains(except, StringComparison.Ordinal)), string.Join('\n', _complaints) + "\n" + _server.Transcript);

    /// <summary>Keeps a picture of the whole page among the test artifacts.</summary>
    public Task KeepAsync(string name)
    {
        var folder = Environment.GetEnvironmentVariable("SLIPWAY_TEST_ARTIFACTS") is { Length: > 0 } given ? given : Repository.PathOf("TestResults");
        return Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"dashboard-{name}.png"), FullPage = true, Animations = ScreenshotAnimations.Disabled });
    }

    /// <summary>Texts whose contrast with what is behind them is below WCAG AA (4.5:1, large text 3:1), each with its ratio.</summary>
    public Task<string[]> FaintTextsAsync() => Page.EvaluateAsync<string[]>("""
        () => {
          const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
          const rgba = color => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1); const d = canvas.getImageData(0, 0, 1, 1).data; return [d[0], d[1], d[2], d[3] / 255]; };
          const over = (top, below) => [0, 1, 2].map(i => top[i] * top[3] + below[i] * (1 - top[3]));
          const luminance = color => color.slice(0, 3).map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
          const behind = element => {
            const layers = [];
            for (let e = element; e; e = e.parentElement) layers.push(rgba(getComputedStyle(e).backgroundColor));
            return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255]);
          };
          const faint = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) {
            const element = walker.currentNode.parentElement, style = getComputedStyle(element);
            if (!walker.currentNode.data.trim() || !element.checkVisibility() || ['SCRIPT', 'NOSCRIPT', 'OPTION'].includes(element.nodeName)) continue;
            const background = behind(element), text = over(rgba(style.color), background);
            const [light, dark] = [luminance(text), luminance(background)].sort((a, b) => b - a);
            const ratio = (light + 0.05) / (dark + 0.05), size = parseFloat(style.fontSize), large = size >= 24 || size >= 18.66 && style.fontWeight >= 700;
            if (ratio < (large ? 3 : 4.5)) faint.push(`${ratio.toFixed(2)} "${walker.currentNode.data.trim().slice(0, 40)}" ${element.className}`);
          }
          return faint;
        }
        """);

    /// <summary>By how many pixels the page is wider than the window.</summary>
    public Task<int> SidewaysAsync() => Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
