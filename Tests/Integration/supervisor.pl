# Holds a listening socket and runs a command that is passed it, as systemd does; again, when it
# ends and the file GO is there.
#
#   perl supervisor.pl SOCKET GO COMMAND...

use strict;
use warnings;
use Fcntl;
use POSIX;
use Socket;

my ($path, $go, @command) = @ARGV;
socket(my $listener, AF_UNIX, SOCK_STREAM, 0) or die "socket: $!";
bind($listener, pack_sockaddr_un($path)) or die "bind: $!";
listen($listener, 128) or die "listen: $!";
if ($> == 0) { chown(-1, scalar getgrnam('www-data'), $path) or die "chown: $!" }
chmod(0660, $path) or die "chmod: $!";

my $child = 0;
$SIG{TERM} = sub { kill('TERM', $child) if $child; waitpid($child, 0); exit 0 };

while (1) {
    $child = fork();
    if ($child == 0) {
        $SIG{TERM} = 'DEFAULT';
        if (fileno($listener) == 3) {
            fcntl($listener, F_SETFD, 0);
        } else {
            POSIX::dup2(fileno($listener), 3);
        }
        $ENV{LISTEN_PID} = $$;
        $ENV{LISTEN_FDS} = 1;
        exec(@command) or die "exec: $!";
    }
    print "started $child\n";
    STDOUT->flush();
    waitpid($child, 0);
    print "ended $child with $?\n";
    STDOUT->flush();
    $child = 0;
    select(undef, undef, undef, 0.02) until -e $go;
}
