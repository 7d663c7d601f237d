package main

import (
	"path/filepath"
	"syscall"
)

// remoteKinds are file systems of other machines, by the magic numbers in linux/magic.h and fs/smb/common/smb2pdu.h.
// SQLite's locks and its shared memory do not hold there (https://www.sqlite.org/wal.html, "Advantages", 3).
var remoteKinds = map[uint32]string{0x6969: "NFS", 0x517b: "SMB", 0xff534d42: "SMB", 0xfe534d42: "SMB", 0x5346414f: "AFS", 0x00c36400: "Ceph", 0x01021997: "9P"}

// diskOf says how many MB are free where a file is, and what kind of remote file system that is, "" for none. ok is false
// where the system does not tell.
func diskOf(file string) (freeMB float64, remote string, ok bool) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(filepath.Dir(file), &s); err != nil {
		return 0, "", false
	}
	return float64(s.Bavail) * float64(s.Bsize) / 1e6, remoteKinds[uint32(s.Type)], true
}
