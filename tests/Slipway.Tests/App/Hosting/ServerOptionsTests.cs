using Slipway.App.Hosting;
using Slipway.Core;

namespace Slipway.Tests.App.Hosting;

public class ServerOptionsTests
{
    [Theory]
    [InlineData("http://127.0.0.1:8080", true)]
    [InlineData("http://localhost:8080;http://[::1]:8080", true)]
    [InlineData("http://127.8.9.10:1", true)]
    [InlineData("http://0.0.0.0:8080", false)]
    [InlineData("http://*:8080", false)]
    [InlineData("http://+:8080", false)]
    [InlineData("http://[::]:8080", false)]
    [InlineData("http://127.0.0.1:8080;http://10.1.2.3:8080", false)]
    [InlineData("http://127.0.0.1.example.org:8080", false)]
    public void Only_loopback_needs_no_token(string urls, bool loopback)
    {
        var options = new ServerOptions("data", urls);
        Assert.Equal(loopback, options.IsLoopbackOnly);
        if (loopback) options.Validate();
        else Assert.Contains("set an access token", Assert.Throws<SlipwayException>(options.Validate).Message);
        (options with { Token = new string('t', 16) }).Validate();
    }

    [Theory]
    [InlineData("ftp://127.0.0.1")]
    [InlineData("8080")]
    [InlineData("http://")]
    public void Malformed_address_is_said(string urls) =>
        Assert.Contains("is not an address", Assert.Throws<SlipwayException>(() => new ServerOptions("data", urls).IsLoopbackOnly).Message);

    [Fact]
    public void Short_token_is_refused() =>
        Assert.Contains("at least 16 characters", Assert.Throws<SlipwayException>(() => new ServerOptions("data", Token: "secret").Validate()).Message);
}
